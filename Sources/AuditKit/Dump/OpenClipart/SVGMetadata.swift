/// What an SVG file says about itself in its RDF metadata (Dublin Core).
package struct SVGMetadata: Equatable, Sendable {
  /// The title of the work, or of the drawing where the work has none; may be empty.
  package private(set) var title = ""
  /// Names of its makers.
  package private(set) var creators: [String] = []
  /// Keywords, as they stand there.
  package private(set) var keywords: [String] = []

  /// A file that says nothing.
  package init() {}

  /// Reads what can be read; broken markup costs what stands behind the break.
  package init(_ bytes: [UInt8]) {
    let isLatin = Self.isLatin(bytes)
    var scanner = MarkupScanner(bytes)
    var open: [String] = []
    var drawingTitle = ""
    while let token = scanner.next() {
      switch token {
      case .start(let name, let isEmpty):
        if !isEmpty && open.count < Self.maximumDepth { open.append(name) }
      case .end(let name):
        if let index = open.lastIndex(of: name) { open.removeSubrange(index...) }
        if name == "metadata" {
          if title.isEmpty { title = drawingTitle }
          return
        }
      case .text(let raw):
        guard let element = open.last, Self.elements.contains(element) else { continue }
        let text = MarkupText.cleaned(MarkupText.decoded(raw, isLatin: isLatin))
        if text.isEmpty { continue }
        if open == ["svg", "title"] { drawingTitle = text }
        take(text, in: open)
      }
    }
    if title.isEmpty { title = drawingTitle }
  }

  private static let elements: Set = ["title", "li", "creator", "subject"]
  private static let maximumDepth = 64

  private mutating func take(_ text: String, in open: [String]) {
    guard open.contains("metadata") else { return }
    let element = open.last
    if open.contains("subject") {
      keywords += element == "li" ? [text] : text.split(separator: ",").map(String.init)
    } else if open.contains("creator") {
      creators.append(text)
    } else if element == "title", !open.contains("agent"), title.isEmpty {
      title = text
    }
  }

  /// Whether the XML declaration names Latin-1 or its Windows cousin.
  private static func isLatin(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: "<?xml".utf8) else { return false }
    let end = bytes.firstIndex(of: UInt8(ascii: ">")) ?? bytes.endIndex
    let declaration = String(decoding: bytes.prefix(min(end, 200)), as: UTF8.self).lowercased()
    return ["iso-8859-1", "iso-8859-15", "windows-1252", "latin1"].contains { name in
      declaration.contains("encoding=\"\(name)\"") || declaration.contains("encoding='\(name)'")
    }
  }
}
