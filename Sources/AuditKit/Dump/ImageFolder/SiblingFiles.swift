import AuditFiles

/// The files of one folder, those of one name together.
struct SiblingFiles {
  /// What has the same name but for the ending.
  struct Group {
    /// The path from the root without the ending.
    fileprivate(set) var key: String
    fileprivate(set) var image: String?
    fileprivate(set) var text: String?
    fileprivate(set) var json: String?
    /// Files of other endings, or of none.
    fileprivate(set) var others: [String] = []
    fileprivate var rank = Int.max
    fileprivate var textRank = Int.max

    /// Whether an image has its caption here.
    var isPair: Bool { image != nil && (text != nil || json != nil) }
    /// Whether one of the files of other endings might be the image: only these are looked into.
    var lacksImage: Bool { image == nil && !others.isEmpty && (text != nil || json != nil) }
  }

  private var known: [Group] = []
  /// Files whose place in their group another one has: with the path of that one.
  private(set) var displaced: [(path: String, by: String)] = []
  private var groupOfKey: [String: Int] = [:]

  /// Takes a file in that may be part of a pair.
  mutating func add(_ path: String) {
    let name = Folder.name(of: path)
    let key = String(path.dropLast(name.count - FileName.stem(name).count))
    let index = groupOfKey[key] ?? known.count
    if index == known.count {
      groupOfKey[key] = index
      known.append(Group(key: key))
    }
    if let part = PairPart(FileName.ending(name)) {
      displaced += known[index].take(path, as: part)
    } else {
      known[index].others.append(path)
    }
  }

  /// In the order of their first files; `k.img.png` and `k.caption.txt` belong to `k` where they have no company of their
  /// own name.
  var groups: [Group] {
    var (groups, indexOfKey) = (known, groupOfKey)
    for index in groups.indices {
      guard let key = groups[index].unmarkedKey else { continue }
      let marked = groups[index]
      guard let home = indexOfKey[key] else {
        // The next one of this name comes here.
        groups[index].key = key
        indexOfKey[key] = index
        continue
      }
      if groups[home].join(marked) { groups[index] = Group(key: marked.key) }
    }
    return groups
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

  /// The key without `.img`, `.caption` and the like, of a lone image or caption; nil for all others.
  fileprivate var unmarkedKey: String? {
    guard (image == nil) != (text == nil), json == nil else { return nil }
    let marks = image == nil ? PairPart.textMarks : PairPart.imageMarks
    let mark = FileName.ending(Folder.name(of: key))
    return marks.contains(mark) ? String(key.dropLast(mark.count + 1)) : nil
  }

  /// Takes over the lone image or caption of another group; false where the place is taken.
  fileprivate mutating func join(_ other: Self) -> Bool {
    if other.image != nil {
      guard image == nil else { return false }
      (image, rank) = (other.image, other.rank)
    } else {
      guard text == nil else { return false }
      (text, textRank) = (other.text, other.textRank)
    }
    return true
  }

  /// The first file of another ending whose bytes begin like an image, where only an image is missing.
  func imageOfOtherEnding(in root: String) -> String? {
    guard lacksImage else { return nil }
    return others.first { path in
      guard let file = try? PositionedFile(path: Folder.join(root, path)) else { return false }
      return ImageSignature.isImage(in: file)
    }
  }
}
