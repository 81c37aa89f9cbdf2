import Foundation
import NeuralKit

extension CLIPModel {
  /// Ends the names of counters, which are whole numbers on disk.
  private static let counterSuffix = "num_batches_tracked"

  /// Adds all parameters and buffers to a file, under open_clip's names.
  package func add(_ weights: ModelWeights, to writer: inout SafetensorsWriter) {
    for values in [weights.parameters, weights.buffers] {
      for (index, entry) in values.layout.entries.enumerated() {
        let tensor = values.entry(index)
        if entry.name.hasSuffix(Self.counterSuffix) {
          writer.add(entry.name, tensor.scalars.map { Int64($0) }, shape: entry.shape)
        } else {
          writer.add(entry.name, tensor)
        }
      }
    }
  }

  /// Reads all parameters and buffers.
  ///
  /// The file must hold exactly this model's tensors, in their shapes, apart from what open_clip
  /// derives or PyTorch does without: a causal mask is ignored, counters of batches may be missing.
  ///
  /// - Throws: `EncoderError.weightsDoNotMatch` with each tensor that differs, expected and found.
  package func weights(from file: SafetensorsFile) throws(EncoderError) -> ModelWeights {
    let weights = ModelWeights(layout)
    var differences: [String] = []
    var expected: Set<String> = ["attn_mask"]
    for values in [weights.parameters, weights.buffers] {
      for entry in values.layout.entries {
        expected.insert(entry.name)
        switch file.shape(of: entry.name) {
        case entry.shape: continue
        case nil where entry.name.hasSuffix(Self.counterSuffix): continue
        case nil: differences.append("\(entry.name): missing, expected \(entry.shape)")
        case let found?:
          differences.append("\(entry.name): expected \(entry.shape), found \(found)")
        }
      }
    }
    for name in file.names where !expected.contains(name) {
      differences.append("\(name): not a part of this model")
    }
    guard differences.isEmpty else { throw .weightsDoNotMatch(differences) }
    for values in [weights.parameters, weights.buffers] {
      for (index, entry) in values.layout.entries.enumerated()
      where file.shape(of: entry.name) != nil {
        file.read(entry.name, into: values.entry(index))
      }
    }
    return weights
  }
}
