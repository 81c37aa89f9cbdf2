/// Text in lower case with one space for each run of white space and none at its ends: Python's
/// `" ".join(text.split()).lower()`.
struct CollapsedText {
  /// The result, UTF-8.
  var bytes: [UInt8] = []
  private var spaceIsPending = false
  /// The combining class of the scalar read last.
  private var combiningClass = Unicode.CanonicalCombiningClass.notReordered

  /// Replaces the result by that of a text.
  ///
  /// Returns false, before the end, at what `TextRepair` or a character reference may change, if it
  /// is to stop there.
  mutating func read(_ text: Span<UInt8>, stopsAtSuspects: Bool) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(text.count)
    spaceIsPending = false
    combiningClass = .notReordered
    var position = 0
    while position < text.count {
      let byte = text[position]
      if byte < 0x80 {
        guard append(ascii: byte, stopsAtSuspects) else { return false }
        position += 1
      } else {
        let (scalar, length) = text.scalar(at: position)
        let traits = ScalarTraits.of(scalar)
        guard !stopsAtSuspects || isInOrder(scalar, traits) else { return false }
        append(scalar, traits, at: position, in: text)
        position += length
      }
    }
    return true
  }

  @inline(__always)
  private mutating func append(ascii byte: UInt8, _ stopsAtSuspects: Bool) -> Bool {
    combiningClass = .notReordered
    switch byte {
    case 0x61...0x7A, 0x21...0x25, 0x27...0x40, 0x5B...0x60, 0x7B...0x7E:
      appendSpaceIfPending()
      bytes.append(byte)
    case 0x41...0x5A:
      appendSpaceIfPending()
      bytes.append(byte + 0x20)
    case 0x20, 0x09, 0x0A, 0x0C, 0x0D:
      spaceIsPending = !bytes.isEmpty
    case _ where stopsAtSuspects:
      return false
    case 0x0B, 0x1C...0x1F:
      // Vertical tab and four old separators are white space to Python.
      spaceIsPending = !bytes.isEmpty
    default:
      appendSpaceIfPending()
      bytes.append(byte)
    }
    return true
  }

  /// False for a scalar that may be repaired, compose or change places with the mark before it.
  @inline(__always)
  private mutating func isInOrder(_ scalar: Unicode.Scalar, _ traits: ScalarTraits) -> Bool {
    guard !traits.isSuspect else { return false }
    let previous = combiningClass
    combiningClass =
      traits.hasCombiningClass ? scalar.properties.canonicalCombiningClass : .notReordered
    return !traits.hasCombiningClass || previous <= combiningClass
  }

  @inline(__always)
  private mutating func append(
    _ scalar: Unicode.Scalar, _ traits: ScalarTraits, at position: Int, in text: Span<UInt8>
  ) {
    if traits.kind == .space {
      spaceIsPending = !bytes.isEmpty
      return
    }
    appendSpaceIfPending()
    if !traits.changesWhenLowercased {
      bytes.append(contentsOf: scalar.utf8)
    } else if scalar == "\u{3A3}" {
      bytes += (Self.endsWord(position, in: text) ? "\u{3C2}" : "\u{3C3}").utf8
    } else {
      bytes += scalar.properties.lowercaseMapping.utf8
    }
  }

  @inline(__always)
  private mutating func appendSpaceIfPending() {
    if spaceIsPending { bytes.append(0x20) }
    spaceIsPending = false
  }

  /// Whether a capital sigma becomes the final form: behind a letter with case, before none
  /// (Unicode's SpecialCasing, condition Final_Sigma).
  private static func endsWord(_ position: Int, in text: Span<UInt8>) -> Bool {
    var before = position
    while before > 0 {
      before -= 1
      if text[before] & 0xC0 == 0x80 { continue }
      let properties = text.scalar(at: before).scalar.properties
      if properties.isCaseIgnorable { continue }
      return properties.isCased && !isFollowedByCased(position, in: text)
    }
    return false
  }

  private static func isFollowedByCased(_ position: Int, in text: Span<UInt8>) -> Bool {
    var after = position + text.scalar(at: position).length
    while after < text.count {
      let (scalar, length) = text.scalar(at: after)
      if !scalar.properties.isCaseIgnorable { return scalar.properties.isCased }
      after += length
    }
    return false
  }
}
