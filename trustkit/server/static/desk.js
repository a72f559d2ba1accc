// While a step runs, the desk shows how far it is; when it has ended, the whole desk is shown anew.
const desk = document.getElementById("desk");

async function look() {
  const answer = await fetch(desk.dataset.now, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) {
    // The server may be busy or starting anew; the page itself then says what is wrong.
    setTimeout(() => location.reload(), 3000);
    return;
  }
  const now = await answer.json();
  if (now.running) {
    const fresh = new DOMParser().parseFromString(now.html, "text/html").getElementById("job");
    const job = document.getElementById("job");
    // The words are announced only when they are new, so only what changed is put in.
    for (const part of ["p", "pre"]) {
      const [old, next] = [job.querySelector(part), fresh.querySelector(part)];
      if (old && next) old.textContent = next.textContent;
      else if (next) job.append(next);
    }
    setTimeout(look, 1000);
  } else {
    desk.innerHTML = now.html;
    document.getElementById("job").focus({ preventScroll: false });
  }
}

if (desk.dataset.running === "yes") {
  document.getElementById("job").focus();
  setTimeout(look, 700);
}
