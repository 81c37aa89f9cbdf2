import AuditFiles

/// The index of one shard: its members grouped by key, in the order of each group's first member.
///
/// The whole shard is indexed before the first pair is given, so members of a pair need not be
/// neighbours, as in archives that plain `tar` makes of a folder.
struct WebdatasetShard {
  let file: PositionedFile
  let configuration: CrawlConfiguration
  fileprivate var groups: [Group] = []
  private var groupOfKey: [String: Int] = [:]

  /// Captions and metadata up to this size are kept while the archive is read forward, longer ones fetched later.
  private static let keptCaptionBytes = 1 << 13
  /// How many members of other extensions a pair may have before its image.
  private static let keptOthers = 16

  init(file: PositionedFile, configuration: CrawlConfiguration) {
    self.file = file
    self.configuration = configuration
  }

  /// The members of one key.
  fileprivate struct Group {
    let key: String
    /// Rank of its extension, name, and place in the file.
    var image: (rank: Int, name: String, part: Part)?
    /// Rank of its extension, and place in the file.
    var text: (rank: Int, part: Part)?
    var json: Part?
    /// Members that are no part of a pair by their extensions: an image may be among them.
    var others: [(fileExtension: String, name: String, part: Part)] = []
    /// Whether a rejection of one of its members tells already why the pair is missing.
    var isExplained = false
  }

  /// One member's bytes.
  fileprivate struct Part {
    let offset: Int64
    let byteCount: Int64
    var kept: [UInt8]?
  }

  /// Walks over the archive; what is no member of any pair goes to `reject`.
  ///
  /// - Throws: What `reject` throws; `PositionedFile.ReadFailure`, with what came before it kept.
  mutating func index(_ reject: (Rejection) throws -> Void) throws {
    var archive = TarArchive(file: file)
    while let event = try archive.next() {
      switch event {
      case .damage(let reason, let offset, let message):
        try reject(
          Rejection(source: file.path, offset: offset, reason: reason, message: message))
      case .member(let member) where member.kind == .folder: break
      case .member(let member):
        if let rejection = try add(member, from: &archive) { try reject(rejection) }
      }
    }
  }

  private mutating func add(_ member: TarMember, from archive: inout TarArchive)
    throws(PositionedFile.ReadFailure) -> Rejection?
  {
    let name = MemberName(member.name)
    func rejection(_ reason: RejectionReason, _ message: String) -> Rejection {
      let shown = name.text ?? String(decoding: member.name, as: UTF8.self)
      return Rejection(
        source: "\(file.path)!\(shown)", offset: member.headerOffset, reason: reason,
        message: message)
    }
    guard let text = name.text else {
      return rejection(.invalidName, "the member's name is not UTF-8 or holds NUL bytes")
    }
    guard name.isSafe else {
      return rejection(.pathOutsideCrawl, "the member's name leaves the archive")
    }
    guard let (key, fileExtension) = name.parts else { return nil }
    let index = group(key)
    guard let kind = PairPart(fileExtension) else {
      if member.kind == .file, groups[index].others.count < Self.keptOthers {
        let part = Part(offset: member.dataOffset, byteCount: member.byteCount)
        groups[index].others.append((fileExtension, text, part))
      }
      return nil
    }
    guard member.kind == .file else {
      groups[index].isExplained = true
      return rejection(.unsupportedMember, "a link, device or sparse file holds no bytes here")
    }
    var part = Part(offset: member.dataOffset, byteCount: member.byteCount)
    if !kind.isImage && part.byteCount <= Self.keptCaptionBytes {
      part.kept = Array(try archive.bytes(of: member))
    }
    guard groups[index].take(part, name: text, as: kind) else {
      return rejection(.duplicateKey, "the shard has a member of this name already")
    }
    return nil
  }

  private mutating func group(_ key: String) -> Int {
    if let index = groupOfKey[key] { return index }
    groupOfKey[key] = groups.count
    groups.append(Group(key: key))
    return groups.count - 1
  }
}

extension WebdatasetShard.Group {
  /// Puts a member in its place; false where that is taken by one of the same name.
  fileprivate mutating func take(
    _ part: WebdatasetShard.Part, name: String, as kind: PairPart
  ) -> Bool {
    switch kind {
    case .image(let rank):
      if image?.rank == rank { return false }
      if rank < image?.rank ?? .max { image = (rank, name, part) }
    case .text(let rank):
      if text?.rank == rank { return false }
      if rank < text?.rank ?? .max { text = (rank, part) }
    case .json:
      if json != nil { return false }
      json = part
    }
    return true
  }
}

extension WebdatasetShard {
  /// Gives each group's pair, or why there is none; behind a pair, what is wrong with its metadata.
  func pairs(_ body: (CrawlRecord) throws -> Void) throws {
    for group in groups {
      var lost: RecordFault?
      if let record = record(of: group, &lost) { try body(record) }
      if let lost {
        try body(
          .rejected(
            lost.rejection(of: "\(file.path)!\(group.key).json", at: group.json?.offset)))
      }
    }
  }

  /// Nil for a group whose fault is told already; `lost` is why a pair's origin is not known.
  private func record(of group: Group, _ lost: inout RecordFault?) -> CrawlRecord? {
    func rejected(_ reason: RejectionReason, _ message: String, _ part: Part?) -> CrawlRecord {
      let name = group.image?.name ?? group.key
      return .rejected(
        Rejection(
          source: "\(file.path)!\(name)", offset: part?.offset, reason: reason, message: message))
    }
    guard let image = image(of: group) else {
      if group.isExplained { return nil }
      let others = group.others.prefix(3).map { ".\($0.fileExtension)" }
      let found = others.isEmpty ? "" : "; found \(others.joined(separator: ", "))"
      let wanted = PairPart.imageEndings.joined(separator: ", .")
      return rejected(
        .missingImage, "no member ends in .\(wanted)\(found)", group.text?.part ?? group.json)
    }
    guard image.part.byteCount > 0 else {
      return rejected(.emptyImage, "the image has no bytes", image.part)
    }
    do {
      let metadata = try metadata(of: group, &lost)
      guard let caption = try caption(of: group, metadata) else {
        if group.isExplained { return nil }
        let names = configuration.captionNames.joined(separator: "/")
        let field = "no text in a field '\(names)' of a .json"
        return rejected(
          .missingCaption,
          group.text == nil ? "no member .txt or .caption, and \(field)" : field, image.part)
      }
      let source = ImageSource(
        path: file.path, member: image.name, offset: image.part.offset,
        length: image.part.byteCount, stamp: file.stamp)
      return .pair(
        Pair(key: group.key, caption: caption, image: source, origin: metadata?.origin))
    } catch {
      let part = captionPart(of: group) == .text ? group.text?.part : group.json
      return rejected(error.reason, error.message, part)
    }
  }

  /// The image by its extension, or else the first member of another one whose bytes begin like an image: only where the
  /// image is all that is missing.
  private func image(of group: Group) -> (name: String, part: Part)? {
    if let image = group.image { return (image.name, image.part) }
    guard group.text != nil || group.json != nil else { return nil }
    return group.others.first { ImageSignature.isImage(in: file, at: $0.part.offset) }
      .map { ($0.name, $0.part) }
  }

  private func caption(
    of group: Group, _ metadata: MetadataObject?
  ) throws(RecordFault) -> String? {
    if captionPart(of: group) == .text, let text = group.text {
      return try CaptionText.text(bytes(of: text.part), limit: configuration.maximumCaptionBytes)
    }
    guard let caption = metadata?.text(configuration.captionNames) else { return nil }
    return try CaptionText.text(caption, limit: configuration.maximumCaptionBytes)
  }

  /// - Throws: What is wrong with the `.json` member, where the caption would have to come from it.
  private func metadata(
    of group: Group, _ lost: inout RecordFault?
  ) throws(RecordFault) -> MetadataObject? {
    guard let json = group.json else { return nil }
    do throws(RecordFault) {
      let what = "the .json member"
      return try MetadataObject(bytes(of: json, what: what), what: what)
    } catch {
      guard captionPart(of: group) == .text else { throw error }
      lost = error.ofOriginOnly
      return nil
    }
  }

  private func captionPart(of group: Group) -> CaptionPart? {
    CaptionPart(hasText: group.text != nil, hasJSON: group.json != nil, configuration)
  }

  private func bytes(of part: Part, what: String = "the caption") throws(RecordFault) -> [UInt8] {
    if let kept = part.kept { return kept }
    guard part.byteCount <= configuration.maximumCaptionBytes else {
      throw CaptionText.tooLong(
        part.byteCount, limit: configuration.maximumCaptionBytes, what: what)
    }
    let message: String
    do {
      let bytes = try file.read(at: part.offset, count: Int(part.byteCount))
      if bytes.count == Int(part.byteCount) { return bytes }
      message = "the shard was cut while it was read"
    } catch {
      message = "\(what) cannot be read: \(FileError.words(for: error.code))"
    }
    throw RecordFault(reason: .unreadableFile, message: message)
  }
}
