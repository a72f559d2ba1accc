"""What a package says about itself: the manifests of SCORM 1.2 and 2004 and the course structure of cmi5. Pure.

A package is one unit of learning in each of the three. Platforms handle such packages alike; with several units the
order, the menu and how their results add up are left to the platform, and many show the first one only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from trustkit.sphinxext.wording import BCP47

LAUNCH = "index.html"

_SCORM_12 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier={identifier} version="1.0"
 xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
 <metadata>
  <schema>ADL SCORM</schema>
  <schemaversion>1.2</schemaversion>
 </metadata>
 <organizations default="course">
  <organization identifier="course">
   <title>{title}</title>
   <item identifier="item" identifierref="unit" isvisible="true">
    <title>{title}</title>
   </item>
  </organization>
 </organizations>
 <resources>
  <resource identifier="unit" type="webcontent" adlcp:scormtype="sco" href="{launch}">
{files}
  </resource>
 </resources>
</manifest>
"""

_SCORM_2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier={identifier} version="1.0"
 xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
 xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
 <metadata>
  <schema>ADL SCORM</schema>
  <schemaversion>2004 3rd Edition</schemaversion>
 </metadata>
 <organizations default="course">
  <organization identifier="course">
   <title>{title}</title>
   <item identifier="item" identifierref="unit">
    <title>{title}</title>
    <imsss:sequencing>
     <imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>
    </imsss:sequencing>
   </item>
   <imsss:sequencing>
    <imsss:controlMode choice="true" flow="true"/>
   </imsss:sequencing>
  </organization>
 </organizations>
 <resources>
  <resource identifier="unit" type="webcontent" adlcp:scormType="sco" href="{launch}">
{files}
  </resource>
 </resources>
</manifest>
"""

_CMI5 = """<?xml version="1.0" encoding="UTF-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
 <course id={course}>
  <title><langstring lang="{tag}">{title}</langstring></title>
  <description><langstring lang="{tag}">{about}</langstring></description>
 </course>
 <au id={unit} moveOn="{move_on}"{mastery} launchMethod="AnyWindow">
  <title><langstring lang="{tag}">{title}</langstring></title>
  <description><langstring lang="{tag}">{about}</langstring></description>
  <url>{launch}</url>
 </au>
</courseStructure>
"""


@dataclass(frozen=True)
class Described:
    """What a manifest needs to know of a package.

    Attributes:
        id: its name, such as "module-06-complaints" or "case-fridge-failed-twice".
        language: "en" or "zh".
        title: as platforms show it.
        about: one sentence on it.
        marked: whether anything in it is passed or failed.
        mastery: the share (0 to 1) of the score from which it is passed; None where no single share decides.
    """

    id: str
    language: str
    title: str
    about: str
    marked: bool
    mastery: float | None


def scorm_manifest(version: str, package: Described, files: Iterable[str]) -> str:
    """Return `imsmanifest.xml` for SCORM 1.2 or 2004 (3rd edition).

    A mark is not named in it: a platform would then decide by the score alone, and a crossed red line would be passed.

    Args:
        version: "1.2" or "2004".
        package: what it is about.
        files: the paths of all files in the package.
    """
    listed = "\n".join(f"   <file href={quoteattr(name)}/>" for name in sorted(files))
    template = _SCORM_12 if version == "1.2" else _SCORM_2004
    return template.format(
        identifier=quoteattr(f"trustkit-{package.id}-{package.language}"),
        title=escape(package.title),
        launch=LAUNCH,
        files=listed,
    )


def cmi5_structure(package: Described) -> str:
    """Return `cmi5.xml`: a course of one assignable unit."""
    name = f"urn:trustkit:{package.id}:{package.language}"
    return _CMI5.format(
        course=quoteattr(f"{name}:course"),
        unit=quoteattr(name),
        tag=BCP47[package.language],
        title=escape(package.title),
        about=escape(package.about),
        move_on="CompletedAndPassed" if package.marked else "Completed",
        mastery="" if package.mastery is None else f' masteryScore="{package.mastery:g}"',
        launch=LAUNCH,
    )
