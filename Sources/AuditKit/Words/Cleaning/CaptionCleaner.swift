/// CLIP's text cleaning: what a caption becomes before it is cut into words.
///
/// ftfy's repairs (`TextRepair`), HTML character references twice, white space collapsed, lower case.
package enum CaptionCleaner {
  /// The cleaned caption.
  ///
  /// Cost: linear; text in which nothing needs repair takes one pass.
  package static func clean(_ caption: String) -> String {
    var text: [UInt8] = []
    clean(caption, into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The cleaned caption as UTF-8, in place of what `output` held.
  static func clean(_ caption: String, into output: inout [UInt8]) {
    var caption = caption
    caption.makeContiguousUTF8()
    if readPlain(caption.utf8.span, into: &output) { return }
    var collapsed = CollapsedText()
    swap(&collapsed.bytes, &output)
    defer { swap(&collapsed.bytes, &output) }
    if collapsed.read(caption.utf8.span, stopsAtSuspects: true) { return }
    var scalars = TextRepair.repaired(Array(caption.unicodeScalars))
    scalars = HTMLReferences.unescaped(HTMLReferences.unescaped(scalars))
    let repaired = scalars.flatMap { $0.utf8 }
    _ = collapsed.read(repaired.span, stopsAtSuspects: false)
  }

  /// The same for ASCII without controls and "&", in half the time; false for other text.
  private static func readPlain(_ text: Span<UInt8>, into output: inout [UInt8]) -> Bool {
    output.removeAll(keepingCapacity: true)
    output.reserveCapacity(text.count)
    var spaceIsPending = false
    for position in 0..<text.count {
      var byte = text[position]
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D:
        spaceIsPending = !output.isEmpty
        continue
      case 0x26, 0..<0x20, 0x7F...:
        return false
      case 0x41...0x5A:
        byte += 0x20
      default:
        break
      }
      if spaceIsPending { output.append(0x20) }
      spaceIsPending = false
      output.append(byte)
    }
    return true
  }
}
