import Foundation

/// Tensors of a safetensors file, for comparison.
struct SafetensorsFile {
  struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  let entries: [String: Entry]
  private let data: [UInt8]

  init(_ bytes: [UInt8]) throws {
    let count = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    entries = try JSONDecoder().decode([String: Entry].self, from: Data(bytes[8..<(8 + count)]))
    data = Array(bytes[(8 + count)...])
  }

  func floats(_ name: String) -> [Float] {
    guard let entry = entries[name], entry.dtype == "F32" else { return [] }
    return stride(from: entry.data_offsets[0], to: entry.data_offsets[1], by: 4).map { offset in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[offset + $1]) << (8 * $1) })
    }
  }

  func bytes(_ name: String) -> [UInt8] {
    guard let entry = entries[name], entry.dtype == "U8" else { return [] }
    return Array(data[entry.data_offsets[0]..<entry.data_offsets[1]])
  }
}
