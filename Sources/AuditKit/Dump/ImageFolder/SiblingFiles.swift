import AuditFiles

/// The files of one folder, those of one name together.
struct SiblingFiles {
  /// What has the same name but for the ending.
  struct Group {
    /// The path from the root without the ending.
    let key: String
    fileprivate(set) var image: String?
    fileprivate(set) var text: String?
    fileprivate(set) var json: String?
    fileprivate var rank = Int.max
    fileprivate var textRank = Int.max

    /// Whether an image has its caption here.
    var isPair: Bool { image != nil && (text != nil || json != nil) }
  }

  /// In the order of their first files.
  private(set) var groups: [Group] = []
  /// Files whose place in their group another one has: with the path of that one.
  private(set) var displaced: [(path: String, by: String)] = []
  private var groupOfKey: [String: Int] = [:]

  /// Takes a file in that may be part of a pair.
  mutating func add(_ path: String) {
    let name = Folder.name(of: path)
    guard let part = PairPart(FileName.ending(name)) else { return }
    let key = String(path.dropLast(name.count - FileName.stem(name).count))
    let index = groupOfKey[key] ?? groups.count
    if index == groups.count {
      groupOfKey[key] = index
      groups.append(Group(key: key))
    }
    displaced += groups[index].take(path, as: part)
  }
}

extension SiblingFiles.Group {
  /// Puts a file in its place; what is lost by that.
  fileprivate mutating func take(
    _ path: String, as part: PairPart
  ) -> [(path: String, by: String)] {
    switch part {
    case .image(let rank):
      guard let other = image else {
        (self.rank, image) = (rank, path)
        return []
      }
      guard rank < self.rank else { return [(path, other)] }
      (self.rank, image) = (rank, path)
      return [(other, path)]
    case .text(let rank):
      // Captions of other endings are other captions of the same image, and are documented to be passed over.
      if let text, rank == textRank { return [(path, text)] }
      if rank < textRank { (textRank, text) = (rank, path) }
    case .json:
      if let json { return [(path, json)] }
      json = path
    }
    return []
  }
}
