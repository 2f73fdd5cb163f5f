"""The rules of Schematron that are embedded in a schema in RELAX NG, as a function that says which of them a file breaks.

The rules of TEI are written in XPath 2 and 3: they become templates of XSLT 3, a mode for each pattern, which Saxon runs.
"""

from lxml import etree
from saxonche import PySaxonProcessor

SCH = "{http://purl.oclc.org/dsdl/schematron}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"
XML_SCHEMA = "http://www.w3.org/2001/XMLSchema"


def stylesheet(schema):
    """XSLT that writes a line for each broken rule."""
    spaces = {row.get("prefix"): row.get("uri") for row in schema.iter(f"{SCH}ns")}
    sheet = etree.Element(f"{XSL}stylesheet", {"version": "3.0"}, nsmap={"xsl": XSL[1:-1], "xs": XML_SCHEMA, **spaces})
    etree.SubElement(sheet, f"{XSL}output", method="text")
    root = etree.SubElement(sheet, f"{XSL}template", match="/")
    for number, pattern in enumerate(schema.iter(f"{SCH}pattern")):
        mode = f"pattern-{number}"
        etree.SubElement(sheet, f"{XSL}mode", {"name": mode, "on-no-match": "shallow-skip"})
        etree.SubElement(root, f"{XSL}apply-templates", select="/", mode=mode)
        rules = list(pattern.iter(f"{SCH}rule"))
        for place, rule in enumerate(rules):
            # Of several rules of a pattern the first counts.
            template = etree.SubElement(sheet, f"{XSL}template", match=rule.get("context"), mode=mode, priority=str(len(rules) - place))
            for child in rule:
                add(template, child)
            etree.SubElement(template, f"{XSL}apply-templates", select="@* | node()", mode=mode)
    return sheet


def add(template, child):
    if child.tag == f"{SCH}let":
        etree.SubElement(template, f"{XSL}variable", name=child.get("name"), select=child.get("value"))
    if child.tag in (f"{SCH}assert", f"{SCH}report"):
        test = child.get("test")
        broken = etree.SubElement(template, f"{XSL}if", test=test if child.tag == f"{SCH}report" else f"not({test})")
        etree.SubElement(broken, f"{XSL}value-of", select="name(), string(@xml:id)")
        etree.SubElement(broken, f"{XSL}text").text = ": " + " ".join("".join(child.itertext()).split()) + "\n"


class Rules:
    """The rules of a schema."""

    def __init__(self, path):
        self.processor = PySaxonProcessor(license=False)
        sheet = etree.tostring(stylesheet(etree.parse(path)), encoding="unicode")
        self.executable = self.processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheet)

    def broken(self, text):
        """What a file with this text breaks, a line for each."""
        file = self.processor.parse_xml(xml_text=text)
        return (self.executable.transform_to_string(xdm_node=file) or "").splitlines()
