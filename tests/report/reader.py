"""Read a page as a browser would: elements with their attributes and text, in document order."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "input", "path", "use", "defs", "g"})


@dataclass
class Element:
    """One element: its tag, attributes, all text inside, and the elements it stands in."""

    tag: str
    attributes: dict[str, str]
    inside: tuple["Element", ...]
    text: str = ""
    tags_within: list[str] = field(default_factory=list)


class PageReader(HTMLParser):
    """Collect every element of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(page.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for ancestor in self._open:
            ancestor.tags_within.append(tag)
        element = Element(tag, {name: shown or "" for name, shown in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str) -> list[Element]:
        """List the elements of a tag."""
        return [element for element in self.elements if element.tag == tag]

    def attribute(self, name: str) -> list[str]:
        """List all that stands in an attribute, anywhere."""
        return [element.attributes[name] for element in self.elements if name in element.attributes]

    def by_id(self, wanted: str) -> Element:
        """Find the one element of an id."""
        (found,) = [element for element in self.elements if element.attributes.get("id") == wanted]
        return found
