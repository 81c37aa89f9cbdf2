import NeuralKit

/// How far an image lies along the direction in which the images of its class vary most (Tran, Li
/// and Madry, "Spectral Signatures in Backdoor Attacks", NeurIPS 2018, algorithm 1).
///
/// Images x of a class with mean μ, and the top right singular vector v of the centred images:
///
///     τ(x) = <x - μ, v>²
///
/// The paper removes from each class the share 1.5 ε with the highest τ, where ε bounds the share
/// of poison. τ itself cannot be compared between classes: it is higher wherever a class is more
/// diverse. So the risk is the share of the class that has a lower τ (ties, and the image itself,
/// count half): taking all pairs above 1 - 1.5 ε is the paper's removal, for each ε.
///
/// Pairs without class are one class. In a class of one, or of equal images, all risks are 1/2.
package struct SpectralSignatures: EmbeddingDetector {
  /// Where the search for v starts; the risks depend on it by rounding only.
  package var seed: UInt64

  /// A detector; no parameter of it changes what it finds.
  package init(seed: UInt64 = 0) {
    self.seed = seed
  }

  package func risks(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    var risks = [Double](repeating: 0, count: pairs.count)
    for group in pairs.groups {
      let images = backend.gatherRows(pairs.images, group)
      for (pair, share) in zip(group, Self.midranks(signatures(images, backend))) {
        risks[Int(pair)] = share
      }
    }
    return risks
  }

  /// τ of each of the images `[N, D]` of one class; 0 where they are equal.
  package func signatures(_ images: Tensor, _ backend: any Backend) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    let components = PrincipalComponents(of: images, count: 1, using: &generator, backend)
    guard components.count == 1 else { return [Double](repeating: 0, count: images.rowCount) }
    return components.coordinates.map { $0 * $0 }
  }

  /// The share of values below each value, equal ones counting half.
  private static func midranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var shares = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end {
        shares[order[place]] = Double(start + end) / 2 / Double(values.count)
      }
      start = end
    }
    return shares
  }
}
