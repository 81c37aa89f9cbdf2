import AuditFiles
import Foundation

/// Reads the pairs that one or more lists name (docs/formats.md).
///
/// A pair's key is the image's path as the list gives it. Where an image has several captions, the
/// second is `path#2` and so on; a record that says the same as an earlier one is rejected.
package struct CaptionListReader: CrawlReader {
  package let formatName: String
  private let lists: [Part]
  /// What was found where lists were looked for, and is none.
  private let faults: [Rejection]
  private let imageRoot: String
  private let configuration: CrawlConfiguration

  /// A list, and what goes before its images' names: the folder below the root that it lies in.
  private struct Part {
    let list: any CaptionList
    let prefix: String
    /// The same for names that lead to nothing from `imageRoot`, where that setting is a folder above the list's.
    let fallback: String?
  }

  /// Lists whose paths of images start at their own folder, which lies in `imageRoot` or is it.
  init(
    _ lists: [any CaptionList], formatName: String, faults: [Rejection] = [], imageRoot: String,
    configuration: CrawlConfiguration
  ) {
    self.formatName = formatName
    self.faults = faults
    self.imageRoot = configuration.imageRoot ?? imageRoot
    self.configuration = configuration
    self.lists = lists.map { list in
      let folder = Folder.parent(of: list.path)
      let start = imageRoot.hasSuffix("/") ? imageRoot : imageRoot + "/"
      let isBelow = configuration.imageRoot == nil && folder.hasPrefix(start)
      return Part(
        list: list, prefix: isBelow ? folder.dropFirst(start.count) + "/" : "",
        fallback: configuration.imageRoot.flatMap { Self.prefix(of: folder, below: $0) })
    }
  }

  /// The way from a folder down to another one; nil where that lies elsewhere.
  private static func prefix(of folder: String, below root: String) -> String? {
    guard let folder = Folder.resolved(folder), let root = Folder.resolved(root) else { return nil }
    let start = root.hasSuffix("/") ? root : root + "/"
    return folder.hasPrefix(start) ? folder.dropFirst(start.count) + "/" : nil
  }

  package func read(_ body: (CrawlRecord) throws -> Void) throws {
    guard
      var pairs = ListedPairs(
        root: imageRoot, maximumCaptionBytes: configuration.maximumCaptionBytes)
    else { throw DumpError.notFound(path: imageRoot) }
    for fault in faults { try body(.rejected(fault)) }
    for part in lists {
      try part.list.forEachRecord { record in
        let found: CrawlRecord
        do throws(RecordFault) {
          found = .pair(
            try pairs.pair(
              try record.content.get(), prefixes: [part.prefix] + (part.fallback.map { [$0] } ?? [])
            ))
        } catch {
          found = .rejected(error.rejection(of: record.source, at: record.offset))
        }
        try body(found)
      }
    }
  }
}

extension PositionedFile {
  /// Opens a list; of a compressed one no more than `limit` bytes are unpacked, where that is given.
  static func list(
    _ path: String, _ configuration: CrawlConfiguration, upTo limit: Int64? = nil
  ) throws(DumpError) -> PositionedFile {
    do {
      return try .opening(path, maximumByteCount: limit ?? configuration.maximumUnpackedBytes)
    } catch {
      switch error {
      case .notAFile: throw .unreadable(path: path, operation: "read", code: EISDIR)
      case .system(ENOENT): throw .notFound(path: path)
      case .system(let code): throw .unreadable(path: path, operation: "open", code: code)
      case .unpacking(let folder, let code):
        throw .unwritable(
          path: folder, operation: "unpack '\(path)' into the temporary folder (TMPDIR)",
          code: code)
      }
    }
  }

  /// What is enough to see how a list begins.
  static let lookedAtBytes: Int64 = 1 << 20

  /// The last record of a list whose compressed file was damaged; nil for all others.
  var damageRecord: ListRecord? {
    damage.map { damage in
      ListRecord(
        source: path, offset: byteCount,
        content: .failure(RecordFault(reason: damage.reason, message: damage.message)))
    }
  }
}

extension DecompressionFault {
  /// The code under which it stands among the rejections.
  var reason: RejectionReason {
    switch kind {
    case .truncated: .truncatedArchive
    case .corrupt, .tooLarge: .corruptArchive
    case .unreadable: .unreadableFile
    }
  }
}
