import AuditFiles
import Foundation
import NeuralKit

/// Writes a safetensors file: collects what goes in, then writes all at once.
///
/// Tensors are not copied; they must not change until the file is written.
package struct SafetensorsWriter {
  private enum Values {
    case floats(Tensor)
    case integers([Int64])
  }

  private struct Item {
    let name: String
    let shape: [Int]
    let values: Values

    var bytes: Int {
      switch values {
      case .floats(let tensor): 4 * tensor.count
      case .integers(let numbers): 8 * numbers.count
      }
    }
  }

  private var items: [Item] = []
  private var names: Set<String> = []
  /// Free text: the format's `__metadata__`.
  package var metadata: [String: String] = [:]

  package init() {}

  /// Adds a tensor, as `F32`.
  ///
  /// Each name goes in once.
  package mutating func add(_ name: String, _ tensor: Tensor) {
    add(Item(name: name, shape: tensor.shape, values: .floats(tensor)))
  }

  /// Adds whole numbers, as `I64`.
  ///
  /// Each name goes in once.
  package mutating func add(_ name: String, _ integers: [Int64], shape: [Int]) {
    precondition(shape.reduce(1, *) == integers.count, "\(name): shape \(shape)")
    add(Item(name: name, shape: shape, values: .integers(integers)))
  }

  private mutating func add(_ item: Item) {
    precondition(
      item.name != "__metadata__" && names.insert(item.name).inserted,
      "the name \(item.name) stands twice")
    items.append(item)
  }

  /// Writes the file and waits until it is on the disk.
  ///
  /// A file that was there is replaced as a whole: at any moment there is the old one or the new
  /// one.
  ///
  /// - Throws: `EncoderError.fileFailed`.
  package func write(to file: URL) throws(EncoderError) {
    do {
      try write(toPath: file.path)
    } catch {
      throw EncoderError(error)
    }
  }

  func write(toPath path: String) throws(FileError) {
    var file = try AtomicFile(path: path)
    try file.append(header())
    for item in items {
      switch item.values {
      case .floats(let tensor):
        try file.append(UnsafeRawBufferPointer(start: tensor.pointer, count: item.bytes))
      case .integers(let numbers):
        try numbers.withUnsafeBufferPointer { (numbers) throws(FileError) in
          try file.append(UnsafeRawBufferPointer(numbers))
        }
      }
    }
    try file.finish()
  }

  /// The header with its length in front, padded to whole words of eight bytes.
  private func header() -> Data {
    var offset = 0
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for item in items {
      let type: SafetensorsHeader.Scalar =
        if case .floats = item.values { .float32 } else { .int64 }
      let shape = item.shape.map { "\($0)" }.joined(separator: ",")
      members.append(
        "\(Self.quoted(item.name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(offset + item.bytes)]}")
      offset += item.bytes
    }
    var json = Data("{\(members.joined(separator: ","))}".utf8)
    json.append(Data(repeating: 0x20, count: (8 - json.count % 8) % 8))
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\0"..<" ":
        result += "\\u" + String(scalar.value, radix: 16).zeroPadded(to: 4)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
