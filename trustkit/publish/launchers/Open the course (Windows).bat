@echo off
rem Opens the course at an address of this machine alone. Nothing is installed and nothing leaves the machine.
rem The lines below the mark are PowerShell, which is part of Windows; this file hands them over.
setlocal
set "COURSE_FILE=%~f0"
powershell -NoProfile -ExecutionPolicy Bypass -Command "$text = [IO.File]::ReadAllText($env:COURSE_FILE); $mark = '#### ' + 'PowerShell'; & ([ScriptBlock]::Create($text.Substring($text.IndexOf($mark))))"
if not errorlevel 1 exit /b 0
rem Where PowerShell is not allowed the pages open as files: all but simulators and text checkers works.
start "" "%~dp0course\index.html"
exit /b 0

#### PowerShell
$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine([IO.Path]::GetDirectoryName($env:COURSE_FILE), 'course'))
$inside = $root + [IO.Path]::DirectorySeparatorChar
$types = @{
  '.html' = 'text/html; charset=utf-8'; '.css' = 'text/css'; '.js' = 'text/javascript'; '.mjs' = 'text/javascript'
  '.json' = 'application/json'; '.wasm' = 'application/wasm'; '.svg' = 'image/svg+xml'; '.png' = 'image/png'
  '.woff2' = 'font/woff2'; '.txt' = 'text/plain; charset=utf-8'; '.xml' = 'application/xml'; '.pdf' = 'application/pdf'
}
$listener = $null
foreach ($port in 8808..8828) {
  try {
    $candidate = New-Object System.Net.HttpListener
    $candidate.Prefixes.Add("http://localhost:$port/")
    $candidate.Start()
    $listener = $candidate
    break
  } catch { }
}
if ($null -eq $listener) { exit 1 }
Write-Host "The course is at http://localhost:$port/"
Write-Host "Close this window to end it."
Start-Process "http://localhost:$port/"
while ($listener.IsListening) {
  $context = $listener.GetContext()
  $response = $context.Response
  try {
    $name = [Uri]::UnescapeDataString($context.Request.Url.AbsolutePath).TrimStart('/')
    if ($name -eq '' -or $name.EndsWith('/')) { $name += 'index.html' }
    $path = [IO.Path]::GetFullPath([IO.Path]::Combine($root, $name.Replace('/', [IO.Path]::DirectorySeparatorChar)))
    if ($path.StartsWith($inside, [StringComparison]::OrdinalIgnoreCase) -and [IO.File]::Exists($path)) {
      $type = $types[[IO.Path]::GetExtension($path).ToLowerInvariant()]
      if ($null -eq $type) { $type = 'application/octet-stream' }
      $bytes = [IO.File]::ReadAllBytes($path)
      $response.ContentType = $type
      $response.Headers.Add('Cache-Control', 'no-cache')
      $response.ContentLength64 = $bytes.Length
      if ($context.Request.HttpMethod -ne 'HEAD') { $response.OutputStream.Write($bytes, 0, $bytes.Length) }
    } else {
      $response.StatusCode = 404
    }
  } catch { } finally {
    try { $response.Close() } catch { }
  }
}
