/// The header of a safetensors file: names, types, shapes and places of tensors, and free text.
///
/// Every rule is checked here, so that no file can mean two things: names once, offsets within the
/// data, without gaps and overlaps, sizes as shape and type say, arithmetic checked.
struct SafetensorsHeader: Equatable {
  /// Types of numbers, with their names in the format.
  enum Scalar: String, Sendable {
    case float32 = "F32"
    case float16 = "F16"
    case brainFloat16 = "BF16"
    case int32 = "I32"
    case int64 = "I64"

    var bytes: Int {
      switch self {
      case .float16, .brainFloat16: 2
      case .float32, .int32: 4
      case .int64: 8
      }
    }
  }

  struct Entry: Equatable {
    let name: String
    let type: Scalar
    let shape: [Int]
    /// Bytes behind the header.
    let range: Range<Int>
  }

  /// In the order of their data.
  let entries: [Entry]
  /// `__metadata__`.
  let metadata: [String: String]

  /// Longer headers are refused, as the reference implementation does.
  static let longest = 100_000_000

  /// Reads the JSON of a header that is followed by `dataBytes` bytes.
  init(json: [UInt8], dataBytes: Int) throws(SafetensorsError) {
    var reader = StrictJSONReader(json)
    var entries: [Entry] = []
    var names: Set<String> = []
    var metadata: [String: String] = [:]
    try reader.object { (name, reader) throws(SafetensorsError) in
      guard names.insert(name).inserted else { throw .duplicateName(name) }
      if name == "__metadata__" {
        metadata = try Self.metadata(&reader)
      } else {
        entries.append(try Self.entry(name, &reader))
      }
    }
    try reader.end()
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try Self.checkCover(entries, dataBytes: dataBytes)
    self.entries = entries
    self.metadata = metadata
  }

  private static func metadata(
    _ reader: inout StrictJSONReader
  ) throws(SafetensorsError) -> [String: String] {
    var metadata: [String: String] = [:]
    try reader.object { (name, reader) throws(SafetensorsError) in
      guard metadata.updateValue(try reader.string(), forKey: name) == nil else {
        throw .duplicateName(name)
      }
    }
    return metadata
  }

  private static func entry(
    _ name: String, _ reader: inout StrictJSONReader
  ) throws(SafetensorsError) -> Entry {
    var (type, shape, offsets): (String?, [Int]?, [Int]?) = (nil, nil, nil)
    try reader.object { (field, reader) throws(SafetensorsError) in
      switch field {
      case "dtype" where type == nil: type = try reader.string()
      case "shape" where shape == nil: shape = try reader.integers()
      case "data_offsets" where offsets == nil: offsets = try reader.integers()
      case "dtype", "shape", "data_offsets": throw .duplicateName("\(name).\(field)")
      default: throw .malformedEntry(name, reason: "unknown field \"\(field.prefix(40))\"")
      }
    }
    guard let type else { throw .malformedEntry(name, reason: "no dtype") }
    guard let shape else { throw .malformedEntry(name, reason: "no shape") }
    guard let offsets, offsets.count == 2 else {
      throw .malformedEntry(name, reason: "no two data_offsets")
    }
    guard let scalar = Scalar(rawValue: type) else { throw .unknownType(name, type: type) }
    guard offsets[0] <= offsets[1] else { throw .offsetsOutOfRange(name) }
    var bytes = scalar.bytes
    for dimension in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw .shapeOverflow(name) }
      bytes = product
    }
    guard offsets[1] - offsets[0] == bytes else {
      throw .sizeMismatch(name, expected: bytes, found: offsets[1] - offsets[0])
    }
    return Entry(name: name, type: scalar, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// Each tensor starts where the one before it ends, and the last ends with the data.
  private static func checkCover(
    _ entries: [Entry], dataBytes: Int
  ) throws(SafetensorsError) {
    var end = 0
    for entry in entries {
      guard entry.range.upperBound <= dataBytes else { throw .offsetsOutOfRange(entry.name) }
      guard entry.range.lowerBound == end else { throw .gapOrOverlap(entry.name) }
      end = entry.range.upperBound
    }
    guard end == dataBytes else { throw .trailingBytes(dataBytes - end) }
  }
}
