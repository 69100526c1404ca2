"""Make a saved SVG fit to stand inside the page: own ids, page colours, no title, little weight."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from bench.drawing import theme
from bench.drawing.sheet import TITLE_ID, Drawing

_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
_DECIMALS: Final = re.compile(r"(\d+\.\d)\d{2,}")
_GEOMETRY: Final = frozenset({"d", "x", "y", "transform", "width", "height", "points"})


def inline(drawing: Drawing, *, prefix: str) -> str:
    """Return the drawing as an element for the page; ids that stay begin with `prefix`.

    The title is left out, since the page prints it as a heading. Inline drawings share one id
    space and one set of styles with the page, which is why neither may pass unchanged.
    """
    root = ET.fromstring(drawing.svg)  # noqa: S314 - our own drawing of a moment ago, not foreign text
    _drop(root)
    _crop(root, drawing.title_height)
    _rename(root, prefix)
    for element in root.iter():
        _lighten(element)
    _share_styles(root)
    return _serialised(root)


def _drop(root: ET.Element) -> None:
    unwanted = {f"{_SVG}metadata", f"{_SVG}style"}
    for parent in list(root.iter()):
        for child in list(parent):
            is_page = child.tag == f"{_SVG}g" and child.get("id") == "patch_1"
            if child.tag in unwanted or child.get("id") == TITLE_ID or is_page:
                parent.remove(child)


def _crop(root: ET.Element, title_height: float) -> None:
    _, _, width, height = (float(number) for number in root.attrib["viewBox"].split())
    root.set("viewBox", f"0 {title_height:g} {width:g} {height - title_height:g}")
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        yield from (link[1:] for link in [element.get(_HREF, "")] if link)
        for attribute in element.attrib.values():
            yield from _REFERENCE.findall(attribute)


def _rename(root: ET.Element, prefix: str) -> None:
    kept = {old: f"{prefix}-{number}" for number, old in enumerate(dict.fromkeys(_references(root)))}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in kept:
            element.set("id", kept[old])
        if _HREF in element.attrib:
            element.set("href", f"#{kept[element.attrib.pop(_HREF)[1:]]}")
        for attribute, shown in element.attrib.items():
            element.set(attribute, _REFERENCE.sub(lambda found: f"url(#{kept[found[1]]})", shown))


def _lighten(element: ET.Element) -> None:
    for attribute, shown in element.attrib.items():
        if attribute in _GEOMETRY:
            element.set(attribute, " ".join(_DECIMALS.sub(r"\1", shown).split()))
    if "style" in element.attrib:
        element.set("style", _themed(element.attrib["style"]))
    element.text = element.text if element.tag in {f"{_SVG}text", f"{_SVG}tspan"} else None
    element.tail = None


def _themed(style: str) -> str:
    for colour, variable in theme.VARIABLES.items():
        style = style.replace(colour, f"var({variable})")
    style = style.replace(f"'{theme.FONT}'", "var(--sans)").replace("; ", ";").replace(": ", ":")
    return style.replace(";stroke-linejoin:miter", "").replace(";stroke-linejoin:round", "")


def _share_styles(root: ET.Element) -> None:
    # Hundreds of marks of one series repeat one style; it says the same on their group.
    for group in root.iter(f"{_SVG}g"):
        styles = {child.get("style") for child in group}
        if len(group) > 1 and len(styles) == 1 and "style" not in group.attrib and None not in styles:
            group.set("style", str(styles.pop()))
            for child in group:
                del child.attrib["style"]


def _serialised(root: ET.Element) -> str:
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)
