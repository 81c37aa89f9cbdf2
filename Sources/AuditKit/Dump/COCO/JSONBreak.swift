import Foundation

/// Where a text stops being JSON, in words for people.
enum JSONBreak {
  /// Above this size only a cut end is told: Foundation's parser, which tells places, takes thirteen times the text.
  private static let maximumByteCount = 1 << 26

  /// What is wrong with a text that a parser refused.
  static func words(for text: Data) -> String {
    guard let last = text.last(where: { !Self.isSpace($0) }) else { return "it is empty" }
    let cut = "it ends at \(place(text.count, in: text)), before it is complete"
    guard text.count <= maximumByteCount else {
      return last == UInt8(ascii: "}") ? "it has \(text.count) bytes" : cut
    }
    do {
      _ = try JSONSerialization.jsonObject(with: text)
      return "it nests too deeply, or has a number or text that does not fit"
    } catch {
      let message = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
      if message.contains("end of file") { return cut }
      guard let word = message.split(whereSeparator: { !$0.isNumber }).last,
        let offset = Int(word), message.contains("around character"), offset <= text.count
      else { return message }
      return "it breaks near \(place(offset, in: text))"
    }
  }

  private static func place(_ offset: Int, in text: Data) -> String {
    let line = text.prefix(offset).count { $0 == UInt8(ascii: "\n") } + 1
    return "byte \(offset), in line \(line)"
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    [0x20, 0x09, 0x0A, 0x0D].contains(byte)
  }
}
