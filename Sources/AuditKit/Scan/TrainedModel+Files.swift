import AuditEncoders
import AuditFiles
import AuditPixels
import AuditWords
import Foundation

extension TrainedModel {
  /// The byte-pair vocabulary's file.
  static let tokenizerName = "tokenizer.json"
  /// The same vocabulary as open_clip's tokenizer reads it.
  static let mergesName = "merges.txt.gz"
  /// The file that says how images become squares.
  static let thumbnailsName = "thumbnails.json"

  /// Opens a model's folder.
  ///
  /// A folder that open_clip wrote is taken as well, with `mergesPath`, CLIP's merges file, in place
  /// of a `tokenizer.json`.
  ///
  /// - Throws: An error that names the file at fault, and ``ScanError/modelMismatch(reason:)`` where
  ///   the files are right one by one but not of one model.
  public init(contentsOf folder: String, mergesPath: String? = nil) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw ScanError.fileFailed(path: folder, reason: "there is no such folder")
    }
    guard isFolder.boolValue else {
      throw ScanError.fileFailed(
        path: folder, reason: "this is a file; give the folder that scan --model-out wrote")
    }
    let files = try ModelFolder(contentsOf: URL(fileURLWithPath: folder))
    let tokenizer = try Self.tokenizer(in: folder, mergesPath: mergesPath)
    let vocabularySize = files.model.configuration.text.vocabularySize
    guard tokenizer.vocabularySize == vocabularySize else {
      throw ScanError.modelMismatch(
        reason: """
          \(folder): the tokenizer has \(tokenizer.vocabularySize) tokens, but the model \
          \(vocabularySize); they are not of one model
          """)
    }
    self.init(
      folder: folder, model: files.model, weights: files.weights, tokenizer: tokenizer,
      thumbnails: try Self.thumbnails(in: folder, files),
      preprocessing: files.preprocessing)
  }

  /// Refuses a place for a model where saving would fail, or would take other files away: what is there
  /// may be an empty folder or one with nothing but a model.
  ///
  /// - Throws: ``ScanError/fileFailed(path:reason:)``.
  static func checkDestination(_ folder: String) throws(ScanError) {
    do throws(FileError) {
      try Folder.create(Folder.parent(of: folder))
    } catch {
      throw ScanError(error)
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      guard FileManager.default.isWritableFile(atPath: Folder.parent(of: folder)) else {
        throw .fileFailed(path: folder, reason: "nothing can be written there")
      }
      return
    }
    guard isFolder.boolValue else {
      throw .fileFailed(path: folder, reason: "this is a file; name a folder for the model")
    }
    let own: Set = [
      ModelFolder.configurationName, ModelFolder.weightsName, tokenizerName, mergesName,
      thumbnailsName,
    ]
    let others = (try? FileManager.default.contentsOfDirectory(atPath: folder))?
      .filter { !own.contains($0) }.sorted()
    guard let others else {
      throw .fileFailed(path: folder, reason: "the folder cannot be read")
    }
    if let other = others.first {
      throw .fileFailed(
        path: folder,
        reason: """
          the folder holds \(other)\(others.count > 1 ? " and other files" : ""), and a model replaces its \
          folder as a whole; name a new one
          """)
    }
  }

  /// Writes the folder; a model that was there is replaced as a whole.
  ///
  /// - Throws: An error that names the file at fault.
  package func save() throws {
    try Self.checkDestination(folder)
    var preprocessing = preprocessing
    preprocessing.resizeMode = thumbnails.fit.resizeMode
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try ModelFolder(model: model, weights: weights, preprocessing: preprocessing).save(
      to: URL(fileURLWithPath: folder),
      with: [
        Self.tokenizerName: try JSONEncoder().encode(tokenizer),
        Self.mergesName: Data(tokenizer.compressedClipMerges),
        Self.thumbnailsName: try encoder.encode(thumbnails),
      ])
  }

  private static func tokenizer(
    in folder: String, mergesPath: String?
  ) throws -> BytePairTokenizer {
    if let mergesPath { return try BytePairTokenizer(clipMerges: mergesPath) }
    let path = folder + "/" + tokenizerName
    guard FileManager.default.fileExists(atPath: path) else {
      throw ScanError.modelMismatch(
        reason: """
          \(folder) has no \(tokenizerName), so captions cannot be read; for a model with CLIP's \
          own vocabulary give its merges file (--merges)
          """)
    }
    return try BytePairTokenizer(contentsOf: path)
  }

  private static func thumbnails(
    in folder: String, _ files: ModelFolder
  ) throws -> ThumbnailConfiguration {
    let path = folder + "/" + thumbnailsName
    if FileManager.default.fileExists(atPath: path) {
      do {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try JSONDecoder().decode(ThumbnailConfiguration.self, from: data)
      } catch {
        throw ScanError.fileFailed(
          path: path, reason: "it is no thumbnail configuration (\(error))")
      }
    }
    let mode = files.preprocessing.resizeMode
    guard let fit = ThumbnailFit.allCases.first(where: { $0.resizeMode == mode }) else {
      let known = ThumbnailFit.allCases.map(\.resizeMode).joined(separator: " and ")
      throw ScanError.modelMismatch(
        reason: "\(folder): images are resized by the rule '\(mode)'; known are \(known)")
    }
    return ThumbnailConfiguration(edgePixels: files.model.configuration.vision.imageSize, fit: fit)
  }
}

extension ThumbnailFit {
  /// open_clip's word for it.
  var resizeMode: String {
    switch self {
    case .crop: "shortest"
    case .squash: "squash"
    }
  }
}
