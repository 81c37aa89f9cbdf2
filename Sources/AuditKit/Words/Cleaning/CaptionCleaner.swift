/// CLIP's text cleaning: what a caption becomes before it is cut into words.
///
/// ftfy's repairs (`TextRepair`), HTML character references twice, white space collapsed, lower case.
package enum CaptionCleaner {
  /// The cleaned caption. Cost: linear; plain ASCII takes one pass over its bytes.
  package static func clean(_ caption: String) -> String {
    var text: [UInt8] = []
    clean(caption, into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The cleaned caption as UTF-8, in place of what `output` held.
  static func clean(_ caption: String, into output: inout [UInt8]) {
    output.removeAll(keepingCapacity: true)
    var caption = caption
    caption.makeContiguousUTF8()
    if appendPlain(caption.utf8.span, to: &output) { return }
    output.removeAll(keepingCapacity: true)
    var scalars = Array(caption.unicodeScalars)
    if TextRepair.mayChange(scalars) {
      scalars = TextRepair.repaired(scalars)
      scalars = HTMLReferences.unescaped(HTMLReferences.unescaped(scalars))
    }
    appendLowercase(scalars, to: &output)
  }

  /// Text that needs no more than one pass over its bytes; false if it turns out to need more.
  private static func appendPlain(_ text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
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
        byte += 32
      default:
        break
      }
      if spaceIsPending { output.append(0x20) }
      spaceIsPending = false
      output.append(byte)
    }
    return true
  }

  private static func appendLowercase(_ scalars: [Unicode.Scalar], to output: inout [UInt8]) {
    var spaceIsPending = false
    for (position, scalar) in scalars.enumerated() {
      if isSpace(scalar) {
        spaceIsPending = !output.isEmpty
        continue
      }
      if spaceIsPending { output.append(0x20) }
      spaceIsPending = false
      if scalar.isASCII {
        let byte = UInt8(scalar.value)
        output.append((0x41...0x5A).contains(byte) ? byte + 32 : byte)
      } else if scalar == "\u{3A3}" {
        output += (endsWord(position, in: scalars) ? "\u{3C2}" : "\u{3C3}").utf8
      } else if scalar.properties.changesWhenLowercased {
        output += scalar.properties.lowercaseMapping.utf8
      } else {
        output += scalar.utf8
      }
    }
  }

  /// Python's idea of white space, which `str.split` uses: Unicode's and four old separators.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20, 0x09...0x0D, 0x1C...0x1F: true
    case ..<0x80: false
    default: scalar.properties.isWhitespace
    }
  }

  /// Whether a capital sigma becomes the final form: behind a letter with case, before none
  /// (Unicode's SpecialCasing, condition Final_Sigma).
  private static func endsWord(_ position: Int, in scalars: [Unicode.Scalar]) -> Bool {
    func firstCase(_ positions: some Sequence<Int>) -> Bool {
      for position in positions where !scalars[position].properties.isCaseIgnorable {
        return scalars[position].properties.isCased
      }
      return false
    }
    return firstCase((0..<position).reversed()) && !firstCase(position + 1..<scalars.count)
  }
}
