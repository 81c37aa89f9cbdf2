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
  }

  /// In the order of their first files.
  private(set) var groups: [Group] = []
  private var groupOfKey: [String: Int] = [:]

  /// Takes a file in that may be part of a pair.
  mutating func add(_ path: String) {
    let name = Folder.name(of: path)
    let stem = FileName.stem(name)
    guard stem.utf8.count < name.utf8.count else { return }
    let ending = name.dropFirst(stem.count + 1).lowercased()
    guard let part = PairPart(ending) else { return }
    let key = String(path.dropLast(name.count - stem.count))
    let index = groupOfKey[key] ?? groups.count
    if index == groups.count {
      groupOfKey[key] = index
      groups.append(Group(key: key))
    }
    switch part {
    case .image(let rank) where rank < groups[index].rank:
      groups[index].rank = rank
      groups[index].image = path
    case .image: break
    case .text(let rank) where rank < groups[index].textRank:
      groups[index].textRank = rank
      groups[index].text = path
    case .text: break
    case .json: groups[index].json = path
    }
  }

  /// Whether there is some image.
  var hasImage: Bool { groups.contains { $0.image != nil } }

  /// Whether some image has its caption here.
  var hasPair: Bool {
    groups.contains { $0.image != nil && ($0.text != nil || $0.json != nil) }
  }
}
