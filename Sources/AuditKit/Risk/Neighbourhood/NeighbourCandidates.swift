/// Which rows can be neighbours of which; a row never is its own.
package enum NeighbourCandidates: Sendable {
  /// All other rows.
  case all
  /// Rows of other groups than one's own, such as groups of near-duplicates.
  ///
  /// One entry a row; a row that is in no group (nil) can be the neighbour of all.
  case outside(groups: [Int?])
  /// Rows of one's own group, such as a class.
  ///
  /// One entry a row; the rows that are in no group (nil) are one more group.
  case within(groups: [Int?])
}

/// Candidates as a search asks for them: by two rows.
struct NeighbourEligibility {
  private enum Rule {
    case any
    case otherGroup
    case sameGroup
  }

  private let rule: Rule
  /// The group of each row, -1 for none.
  private let groups: [Int32]

  init(_ candidates: NeighbourCandidates, rowCount: Int) {
    switch candidates {
    case .all: (rule, groups) = (.any, [])
    case .outside(let groups): (rule, self.groups) = (.otherGroup, Self.numbered(groups))
    case .within(let groups): (rule, self.groups) = (.sameGroup, Self.numbered(groups))
    }
    precondition(
      rule == .any || groups.count == rowCount, "\(groups.count) groups for \(rowCount) rows")
  }

  /// Whether `candidate` can be a neighbour of `row`, as far as groups go.
  func allows(_ row: Int, _ candidate: Int) -> Bool {
    switch rule {
    case .any: true
    case .otherGroup: groups[row] < 0 || groups[row] != groups[candidate]
    case .sameGroup: groups[row] == groups[candidate]
    }
  }

  private static func numbered(_ groups: [Int?]) -> [Int32] {
    var numbers: [Int: Int32] = [:]
    return groups.map { group in
      guard let group else { return -1 }
      if let number = numbers[group] { return number }
      let number = Int32(numbers.count)
      numbers[group] = number
      return number
    }
  }
}
