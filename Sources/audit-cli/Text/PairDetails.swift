import AuditReport

/// A pair and in which epochs it was in the safe set.
package struct PairDetails: Encodable, Sendable {
  package var pair: PairDocument
  package var history: [SafeSetMembership]

  package init(pair: PairDocument, history: [SafeSetMembership]) {
    self.pair = pair
    self.history = history
  }
}
