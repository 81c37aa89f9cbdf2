import AuditDump
import Testing

struct SVGMetadataTests {
  private func metadata(_ text: String) -> SVGMetadata { SVGMetadata(Array(text.utf8)) }

  @Test func titleKeywordsAndMakersAreTold() {
    let found = metadata(
      """
      <?xml version="1.0"?><!-- <metadata> --><svg a="<title>" b='"'><title>drawing</title>
      <metadata><rdf:RDF><cc:Work><dc:title> A  dog\n</dc:title>
      <dc:subject><rdf:Bag><rdf:li>one</rdf:li><rdf:li/><rdf:li> </rdf:li><rdf:li>two</rdf:li>
      </rdf:Bag></dc:subject><dc:creator><cc:Agent><dc:title>Me</dc:title></cc:Agent></dc:creator>
      <dc:rights><cc:Agent><dc:title>You</dc:title></cc:Agent></dc:rights></cc:Work></rdf:RDF>
      </metadata><title>behind</title></svg>
      """)
    #expect(found.title == "A dog")
    #expect(found.keywords == ["one", "two"])
    #expect(found.creators == ["Me"])
  }

  @Test func otherSpellingsAreUnderstood() {
    let found = metadata(
      """
      <SVG:SVG><METADATA><title><![CDATA[A <b> & c]]></title><subject>one, two</subject>
      <creator>Me</creator></METADATA></SVG:SVG>
      """)
    #expect(found.title == "A <b> & c")
    #expect(found.keywords == ["one", " two"])
    #expect(found.creators == ["Me"])
  }

  @Test func theDrawingsTitleFillsIn() {
    #expect(metadata("<svg><title>drawing</title><g/></svg>").title == "drawing")
    #expect(metadata("<svg><title>drawing</title><metadata/></svg>").title == "drawing")
  }

  @Test(arguments: [
    "", "<", "<svg", "<svg><metadata><title>", "<!--", "<![CDATA[", "<!DOCTYPE svg [", "</svg>",
    "<a '",
    "<svg><metadata></g></title><dc:title>", "\u{0}<\u{0}>", "<?xml encoding=\"iso-8859-1\"",
  ])
  func brokenMarkupSaysNothingAndDoesNotStop(_ text: String) {
    #expect(metadata(text) == SVGMetadata())
  }

  @Test func markupThatBreaksOffKeepsWhatStoodBefore() {
    let found = metadata("<svg><metadata><dc:title>A dog</dc:title><dc:subject><rdf:li>mam")
    #expect(found.title == "A dog")
    #expect(found.keywords == ["mam"])
  }

  @Test func latinFilesAreReadAsWindows1252() {
    let text = "<?xml version='1.0' encoding='ISO-8859-1'?><svg><title>Ale"
    let found = SVGMetadata(Array(text.utf8) + [0x9A, 0x20, 0xE9] + Array("</title>".utf8))
    #expect(found.title == "Aleš é")
  }

  @Test(arguments: [
    ("a &amp; b", "a & b"), ("&lt;&gt;&quot;&apos;", "<>\"'"), ("&#39;&#x2014;", "'—"),
    ("l&amp;#39;italiana", "l'italiana"), ("W&amp;uuml;rttemberg", "Württemberg"),
    ("L&Atilde;&copy;zard", "Lézard"),
    ("a & b &unknown; &#xD800; &;", "a & b &unknown; &#xD800; &;"),
    (" a\t\n b\u{0}\u{A0}c ", "a b c"), ("été", "été"), ("&yuml;&nbsp;&Agrave;", "ÿ À"),
  ])
  func textIsCleaned(_ raw: String, _ clean: String) {
    #expect(MarkupText.cleaned(raw) == clean)
  }

  @Test(arguments: [
    ("button-green_benji_park_01", "Benji Park", "button green"),
    ("cigno_architetto_frances_01", "Architetto Francesco Rollandin", "cigno"),
    ("ours_etienne_bersac_r", "Étienne Bersac", "ours"),
    ("eclipse_josu_alcalde_bas", "Josu Alcalde based on artwork", "eclipse"),
    ("white_h_9", "Nicu Buculei", "white h 9"), ("arrow08_3", "Nicu Buculei", "arrow 08 3"),
    ("jigsaw_blue_05", "Nicu Buculei", "jigsaw blue"), ("star_66pt13step", "x", "star 66pt 13step"),
    ("people_juliane_krug_01a", "Juliane Krug", "people"), ("01", "", "01"), ("", "", ""),
    ("benji_park", "Benji Park", "benji park"),
  ])
  func fileNamesGiveWordsWithoutTheMaker(_ stem: String, _ creator: String, _ words: String) {
    #expect(FileNameWords(stem: stem, creators: [creator]).words.joined(separator: " ") == words)
  }
}
