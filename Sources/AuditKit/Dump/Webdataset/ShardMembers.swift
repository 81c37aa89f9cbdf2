import AuditFiles

/// All members of one shard by the pair they belong to, whatever they hold: an image and its caption, and what lies
/// beside them, such as `.cls`.
///
/// Members count as `WebdatasetReader` counts them: those that it would reject are left out, and of two with the same
/// name the first counts.
package struct ShardMembers: Sendable {
  /// The shard.
  package let file: PositionedFile
  /// In the order of the archive, and so of their offsets.
  private var members: [Member] = []
  /// Places in `members` for each key.
  private var groups: [[Int]] = []

  /// One member.
  package struct Member: Sendable {
    /// Its name, without `./` before it.
    package let name: String
    /// What follows the key and its dot, as it is spelled.
    package let fileExtension: String
    /// Where its bytes begin in the shard.
    package let offset: Int64
    /// How many they are.
    package let byteCount: Int64
    fileprivate let group: Int
  }

  /// Walks over the shard's headers; damage ends no walk, as in `WebdatasetReader`.
  ///
  /// - Throws: `PositionedFile.ReadFailure`.
  package init(of file: PositionedFile) throws(PositionedFile.ReadFailure) {
    self.file = file
    var groupOfKey: [String: Int] = [:]
    var taken: Set<String> = []
    var archive = TarArchive(file: file)
    while let event = try archive.next() {
      guard case .member(let member) = event, member.kind == .file else { continue }
      let name = MemberName(member.name)
      guard name.isSafe, let text = name.text, let (key, lowered) = name.parts,
        taken.insert("\(key).\(lowered)").inserted
      else { continue }
      let group = groupOfKey[key] ?? groups.count
      if group == groups.count {
        groupOfKey[key] = group
        groups.append([])
      }
      groups[group].append(members.count)
      members.append(
        Member(
          name: text,
          fileExtension: String(decoding: text.utf8.dropFirst(key.utf8.count + 1), as: UTF8.self),
          offset: member.dataOffset, byteCount: member.byteCount, group: group))
    }
  }

  /// The member whose bytes begin at a place; nil where none does.
  package func member(at offset: Int64) -> Member? {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if members[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    // Members of no bytes begin where the next one's header does, never where another one's bytes do.
    return low < members.count && members[low].offset == offset ? members[low] : nil
  }

  /// All members of the pair that a member belongs to, in the order of the archive.
  package func pair(of member: Member) -> [Member] {
    groups[member.group].map { members[$0] }
  }

  /// The caption of a pair as `WebdatasetReader` reads it: from its `.txt` or the like, or from a field of its `.json`
  /// where there is none, or where the configuration names the field.
  ///
  /// - Parameters:
  ///   - pair: the pair's members.
  ///   - configuration: names the field, and limits the size.
  /// - Throws: `PositionedFile.ReadFailure`.
  /// - Returns: the caption; nil where there is no usable one.
  package func caption(
    of pair: [Member], _ configuration: CrawlConfiguration
  ) throws(PositionedFile.ReadFailure) -> String? {
    let limit = configuration.maximumCaptionBytes
    func first(_ ending: String) -> Member? {
      pair.first { $0.fileExtension.lowercased() == ending }
    }
    let json = first("json")
    let text = PairPart.textEndings.lazy.compactMap(first).first
    if let text, CaptionPart(hasText: true, hasJSON: json != nil, configuration) == .text {
      guard let bytes = try bytes(of: text, limit) else { return nil }
      return try? CaptionText.text(bytes, limit: limit)
    }
    guard let json, let bytes = try bytes(of: json, limit),
      let metadata = try? MetadataObject(bytes, what: "the .json member"),
      let caption = metadata.text(configuration.captionNames)
    else { return nil }
    return try? CaptionText.text(caption, limit: limit)
  }

  /// Nil for a member above the limit.
  private func bytes(
    of member: Member, _ limit: Int
  ) throws(PositionedFile.ReadFailure) -> [UInt8]? {
    guard member.byteCount <= limit else { return nil }
    return try file.read(at: member.offset, count: Int(member.byteCount))
  }
}
