import AuditFiles
import Foundation
import NeuralKit

/// A trained model in a folder that open_clip opens as `local-dir:`: configuration, preprocessing
/// and weights, and whatever files its tokenizer needs.
package struct ModelFolder: Sendable {
  package let model: CLIPModel
  package let weights: ModelWeights
  package let preprocessing: PreprocessingConfiguration

  /// `open_clip_config.json`.
  package static let configurationName = "open_clip_config.json"
  /// `open_clip_model.safetensors`, the first name that open_clip looks for.
  package static let weightsName = "open_clip_model.safetensors"

  private struct Description: Codable {
    let model: CLIPConfiguration
    let preprocessing: PreprocessingConfiguration?

    enum CodingKeys: String, CodingKey {
      case model = "model_cfg"
      case preprocessing = "preprocess_cfg"
    }
  }

  package init(
    model: CLIPModel, weights: ModelWeights, preprocessing: PreprocessingConfiguration = .init()
  ) {
    self.model = model
    self.weights = weights
    self.preprocessing = preprocessing
  }

  /// Opens a folder.
  ///
  /// - Throws: `EncoderError`, with the file at fault.
  package init(contentsOf folder: URL) throws(EncoderError) {
    let file = folder.appendingPathComponent(Self.configurationName)
    let description = try Self.description(in: file)
    let model: CLIPModel
    do {
      model = try CLIPModel(description.model)
    } catch {
      throw .inFile(file.path, error)
    }
    let weightsFile = folder.appendingPathComponent(Self.weightsName)
    let tensors = try SafetensorsFile(contentsOf: weightsFile)
    do {
      weights = try model.weights(from: tensors)
    } catch {
      throw .inFile(weightsFile.path, error)
    }
    self.model = model
    preprocessing = description.preprocessing ?? .init()
  }

  private static func description(in file: URL) throws(EncoderError) -> Description {
    do {
      return try JSONDecoder().decode(Description.self, from: try Data(contentsOf: file))
    } catch let error as EncoderError {
      throw .inFile(file.path, error)
    } catch let error as DecodingError {
      throw .inFile(file.path, EncoderError(error))
    } catch {
      throw .fileFailed(file.path, reason: error.localizedDescription)
    }
  }

  /// Writes the folder, with `files` by name beside its own.
  ///
  /// A folder that was there is replaced as a whole: at any moment there is the old one or the new
  /// one.
  ///
  /// - Throws: `EncoderError.fileFailed`.
  package func save(to folder: URL, with files: [String: Data] = [:]) throws(EncoderError) {
    var writer = SafetensorsWriter()
    writer.metadata = ["format": "pt"]
    model.add(weights, to: &writer)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let description = Description(model: model.configuration, preprocessing: preprocessing)
    let json: Data
    do {
      json = try encoder.encode(description)
    } catch {
      throw .fileFailed(folder.path, reason: "\(error)")
    }
    let contents = files.sorted { $0.key < $1.key } + [(key: Self.configurationName, value: json)]
    do throws(FileError) {
      let output = try AtomicFolder(path: folder.path)
      for (name, data) in contents {
        try AtomicFile.write(data, to: Folder.join(output.temporaryPath, name))
      }
      try writer.write(toPath: Folder.join(output.temporaryPath, Self.weightsName))
      try output.finish()
    } catch {
      throw EncoderError(error)
    }
  }
}
