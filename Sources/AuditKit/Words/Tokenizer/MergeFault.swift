/// Why a list of merges is none.
package struct MergeFault: Error, Equatable {
  /// What is wrong with a merge.
  package enum Kind: String, Sendable {
    case notTwoSymbols = "it is not two symbols with a space between them"
    case unknownSymbol = "it uses a symbol that no earlier merge makes"
    case goesOnAfterEndOfWord = "its first symbol ends a word, so nothing can follow it"
    case madeBefore = "it makes a symbol that exists already"
  }

  /// The merge's position in the list, from 0.
  package let rank: Int
  package let kind: Kind

  package init(rank: Int, kind: Kind) {
    self.rank = rank
    self.kind = kind
  }
}
