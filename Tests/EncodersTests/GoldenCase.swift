import AuditEncoders
import Foundation
import NeuralKit
import Testing
import TestSupport

/// A model and what a well-known implementation makes of it: files in Fixtures/golden.
struct GoldenCase: CustomTestStringConvertible, Sendable {
  let name: String

  var testDescription: String { name }

  /// The first two were given; the others come from Fixtures/make-golden.py.
  static let all = [
    "tiny-resnet", "tiny-vit", "deep-resnet", "odd-resnet", "odd-vit", "single-vit",
  ].map { GoldenCase(name: $0) }

  func configuration() throws -> CLIPConfiguration {
    try CLIPConfiguration(contentsOf: Repository.golden("\(name).json"))
  }

  func weights() throws -> SafetensorsFile {
    try SafetensorsFile(
      contentsOf: Repository.golden("\(name).weights.safetensors"))
  }

  func golden() throws -> SafetensorsFile {
    try SafetensorsFile(
      contentsOf: Repository.golden("\(name).golden.safetensors"))
  }

  /// The images as the towers take them, `[N, H, W, C]`.
  static func images(_ golden: SafetensorsFile) throws -> Tensor {
    let stored = try golden.tensor("input.images_nchw")
    let (batch, channels, height, width) = (
      stored.shape[0], stored.shape[1], stored.shape[2], stored.shape[3]
    )
    let values = stored.scalars
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for item in 0..<batch {
      for place in 0..<height * width {
        for channel in 0..<channels {
          result.append(values[(item * channels + channel) * height * width + place])
        }
      }
    }
    return Tensor(result, shape: [batch, height, width, channels])
  }

  static func tokens(_ golden: SafetensorsFile) throws -> [Int32] {
    try golden.integers("input.tokens").map { Int32($0) }
  }
}

/// The Euclidean length of a difference.
func distance(_ found: Tensor, _ expected: Tensor) -> Double {
  precondition(found.shape == expected.shape, "\(found.shape) is not \(expected.shape)")
  return zip(found.scalars, expected.scalars).reduce(0) {
    $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
  }.squareRoot()
}

/// The largest difference of two elements.
func largestDifference(_ found: Tensor, _ expected: Tensor) -> Double {
  precondition(found.shape == expected.shape, "\(found.shape) is not \(expected.shape)")
  return zip(found.scalars, expected.scalars).reduce(0) {
    max($0, abs(Double($1.0) - Double($1.1)))
  }
}

extension Tensor {
  /// The Euclidean length of all elements.
  func length() -> Double {
    scalars.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
