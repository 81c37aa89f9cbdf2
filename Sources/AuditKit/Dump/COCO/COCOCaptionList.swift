import AuditFiles
import Foundation
import Synchronization

/// A JSON file of captions as COCO has them: images and annotations, tied by the image's number.
///
/// It is held whole while it is read: the annotations come in any order.
struct COCOCaptionList: CaptionList {
  let path: String
  /// The folder that the images' names start from.
  let imageRoot: String
  private let configuration: CrawlConfiguration
  private let held: HeldDocument

  /// Reads the file.
  ///
  /// - Throws: `DumpError` when it cannot be read, or is in another format.
  init(path: String, configuration: CrawlConfiguration) throws(DumpError) {
    self.path = path
    self.configuration = configuration
    let document = try Self.document(path, configuration)
    imageRoot = Self.imageRoot(of: document, path)
    held = HeldDocument(document)
  }

  func forEachRecord(_ body: (ListRecord) throws -> Void) throws {
    let document = try held.take() ?? Self.document(path, configuration)
    var captions: [COCODocument.Identifier: [(index: Int, text: String)]] = [:]
    for (index, annotation) in document.annotations.enumerated() {
      guard let annotation = annotation.value else {
        try body(fault("annotations[\(index)]", .malformedJSON, "no caption with an image_id"))
        continue
      }
      captions[annotation.image, default: []].append((index, annotation.caption))
    }
    for (index, image) in document.images.enumerated() {
      guard let image = image.value else {
        try body(fault("images[\(index)]", .malformedJSON, "no id with a file_name"))
        continue
      }
      guard let own = captions.removeValue(forKey: image.id), !own.isEmpty else {
        try body(fault("images[\(index)]", .missingCaption, "no annotation has the image's id"))
        continue
      }
      let origin = PairOrigin(url: image.url, uid: nil, sha256: nil, originalSize: nil)
      for caption in chosen(own, of: image) {
        let listed = ListedImage(
          names: [image.fileName], caption: .text(caption.text), origin: origin)
        try body(
          ListRecord(
            source: "\(path)#annotations[\(caption.index)]", offset: nil, content: .success(listed))
        )
      }
    }
    for caption in captions.values.joined().sorted(by: { $0.index < $1.index }) {
      try body(
        fault(
          "annotations[\(caption.index)]", .missingImage, "no image has the annotation's image_id"))
    }
  }

  private func fault(_ place: String, _ reason: RejectionReason, _ message: String) -> ListRecord {
    ListRecord(
      source: "\(path)#\(place)", offset: nil,
      content: .failure(RecordFault(reason: reason, message: message)))
  }

  private static func document(
    _ path: String, _ configuration: CrawlConfiguration
  ) throws(DumpError) -> COCODocument {
    let limit = min(configuration.maximumDocumentBytes, configuration.maximumUnpackedBytes)
    let file = try PositionedFile.list(path, configuration, upTo: limit)
    guard file.damage?.kind != .tooLarge, file.byteCount <= limit else {
      throw .documentTooLarge(path: path, limit: limit)
    }
    let text = try text(of: file)
    do {
      return try JSONDecoder().decode(COCODocument.self, from: text)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
      throw .brokenJSON(
        path: path, problem: file.damage?.message ?? JSONBreak.words(for: text))
    } catch {
      throw .wrongFormat(
        path: path, format: .cocoCaptions, lookedFor: CrawlFormat.cocoCaptions.lookedFor)
    }
  }

  private static func text(of file: PositionedFile) throws(DumpError) -> Data {
    do {
      let bytes = try file.read(at: 0, count: Int(file.byteCount))
      return Data(LenientJSON.repaired(bytes) ?? bytes)
    } catch {
      throw .unreadable(path: file.path, operation: "read", code: error.code)
    }
  }

  private func chosen(
    _ captions: [(index: Int, text: String)], of image: COCODocument.Image
  ) -> ArraySlice<(index: Int, text: String)> {
    switch configuration.captionChoice {
    case .all: return captions[...]
    case .first: return captions.prefix(1)
    case .random:
      // By the image's name, so that the choice does not depend on what else is in the file.
      let name = "\(configuration.captionSeed) \(image.fileName)"
      let place = Int(KeyRegistry.fingerprint(name) % UInt128(captions.count))
      return captions[place...place]
    }
  }

  /// Where the first image is found near the file; the file's own folder where it is nowhere.
  ///
  /// COCO itself has `annotations/captions_train2017.json` beside `train2017/`.
  private static func imageRoot(of document: COCODocument, _ path: String) -> String {
    let folder = Folder.parent(of: path)
    guard let first = document.images.lazy.compactMap(\.value).first else { return folder }
    let parent = Folder.join(folder, "..")
    let name = Folder.name(of: Compression.plainName(path))
    let split = (name.split(separator: "_").last ?? "").prefix { $0 != "." }
    let candidates = [
      folder, Folder.join(folder, "images"), parent, Folder.join(parent, String(split)),
      Folder.join(parent, "images"), Folder.join(parent, "images/\(split)"),
    ]
    let found = candidates.first { candidate in
      (try? FileStatus(path: Folder.join(candidate, first.fileName)))?.kind == .file
    }
    return found ?? folder
  }
}

/// A document that was read to see what it is, for the first who reads it on.
private final class HeldDocument: Sendable {
  private let document: Mutex<COCODocument?>

  init(_ document: COCODocument) { self.document = Mutex(document) }

  func take() -> COCODocument? { document.withLock { $0.take() } }
}
