extension BitSet {
  /// The set as bytes: one byte for the form, then either the bits (`raw`, least significant first)
  /// or the lengths of alternating runs of absent and present candidates as LEB128 numbers
  /// (`runs`), whichever is shorter.
  ///
  /// `count` is not stored.
  ///
  /// What changed between two epochs (`^`) is mostly absent, so runs take two or three bytes a change.
  public func encoded() -> [UInt8] {
    let rawCount = (count + 7) / 8
    if let runs = runLengths(shorterThan: rawCount) { return [Form.runs.rawValue] + runs }
    var bytes = [Form.raw.rawValue]
    bytes.reserveCapacity(1 + rawCount)
    for index in 0..<rawCount {
      bytes.append(UInt8(truncatingIfNeeded: words[index >> 3] >> UInt64((index & 7) * 8)))
    }
    return bytes
  }

  /// The set that `encoded()` gave these bytes for; nil for bytes it cannot have given.
  public init?(count: Int, encoded bytes: some Collection<UInt8>) {
    guard let first = bytes.first, let form = Form(rawValue: first), count >= 0 else { return nil }
    switch form {
    case .raw: self.init(count: count, raw: bytes.dropFirst())
    case .runs: self.init(count: count, runs: bytes.dropFirst())
    }
  }

  private enum Form: UInt8 {
    case raw = 0
    case runs = 1
  }

  private init?(count: Int, raw: some Collection<UInt8>) {
    guard raw.count == (count + 7) / 8 else { return nil }
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for (index, byte) in raw.enumerated() {
      words[index >> 3] |= UInt64(byte) << UInt64((index & 7) * 8)
    }
    self.init(count: count, words: words)
  }

  private init?(count: Int, runs: some Collection<UInt8>) {
    self.init(count: count)
    var position = 0
    var isPresent = false
    var length: UInt64 = 0
    var shift: UInt64 = 0
    for byte in runs {
      guard shift < 63 else { return nil }
      length |= UInt64(byte & 0x7F) << shift
      shift += 7
      guard byte & 0x80 == 0 else { continue }
      guard length <= UInt64(count - position) else { return nil }
      let end = position + Int(length)
      if isPresent { for index in position..<end { self[index] = true } }
      position = end
      isPresent.toggle()
      (length, shift) = (0, 0)
    }
    guard position == count, shift == 0 else { return nil }
  }

  private func runLengths(shorterThan limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var position = 0
    var isPresent = false
    while position < count || (count == 0 && bytes.isEmpty) {
      let end = firstIndex(from: position, isPresent: !isPresent)
      var length = end - position
      while length >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
        length >>= 7
      }
      bytes.append(UInt8(length))
      guard bytes.count < limit || count == 0 else { return nil }
      if count == 0 { break }
      position = end
      isPresent.toggle()
    }
    return bytes
  }

  /// The first candidate at or after `start` that is a member (or none); `count` if there is none.
  private func firstIndex(from start: Int, isPresent: Bool) -> Int {
    var position = start
    while position < count {
      let word = isPresent ? words[position >> 6] : ~words[position >> 6]
      let rest = word >> UInt64(position & 63)
      if rest != 0 { return min(count, position + rest.trailingZeroBitCount) }
      position = (position | 63) + 1
    }
    return count
  }
}

extension BitSet: Codable {
  private enum CodingKeys: String, CodingKey {
    case count
    case words
  }

  /// Decodes what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let count = try container.decode(Int.self, forKey: .count)
    let words = try container.decode([UInt64].self, forKey: .words)
    guard let set = BitSet(count: count, words: words) else {
      throw DecodingError.dataCorruptedError(
        forKey: .words, in: container,
        debugDescription: "\(words.count) words do not hold a set of \(count) candidates")
    }
    self = set
  }

  /// Encodes the number of candidates and the words.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(words, forKey: .words)
  }
}
