import AuditKit
import NeuralKit

/// A crawl's pairs with their embeddings by a trained model.
struct EmbeddedPairs {
  let crawl: ModelledCrawl
  /// `[N]`, in the order of the rows.
  let keys: [String]
  /// `[N]`, the captions as text.
  let texts: [String]
  /// `[N, D]`.
  let images: Tensor
  /// `[N, D]`.
  let captions: Tensor

  /// Opens the model, reads the crawl and embeds it.
  init(_ request: ModelRequest, _ stop: StopSignal) throws {
    crawl = try ModelledCrawl(request, stop: stop)
    let pairs = crawl.texts
    keys = pairs.map(\.key)
    texts = pairs.map(\.caption)
    (images, captions) = try crawl.embeddings(stop: stop)
  }

  /// The cosine of each image and its caption, `[N]`.
  func similarities(_ backend: any Backend) -> [Float] {
    keys.indices.map { row in
      Float(backend.innerProduct(images.rows(row..<row + 1), captions.rows(row..<row + 1)))
    }
  }

  /// The images that have a label by their key; where they are more than `limit`, so many of them drawn by `seed`, in
  /// the order of the rows.
  func labelled(
    atMost limit: Int = .max, seed: UInt64 = 0, _ label: (String) -> Int?
  ) -> LabelledImages {
    labelled(by: keys, atMost: limit, seed: seed, label)
  }

  /// The images that have a label by their caption.
  func labelledByCaption(_ label: (String) -> Int?) -> LabelledImages {
    labelled(by: texts, atMost: .max, seed: 0, label)
  }

  private func labelled(
    by names: [String], atMost limit: Int, seed: UInt64, _ label: (String) -> Int?
  ) -> LabelledImages {
    var known = names.indices.compactMap { row in
      label(names[row]).map { (row: row, label: $0) }
    }
    if known.count > limit {
      var generator = SeededGenerator(seed: seed, 0x9806E)
      known = generator.permutation(known.count).prefix(limit).sorted().map { known[Int($0)] }
    }
    return LabelledImages(images: images.gathering(known.map(\.row)), labels: known.map(\.label))
  }
}

/// Images with their classes.
struct LabelledImages {
  /// `[M, D]`.
  let images: Tensor
  /// `[M]`.
  let labels: [Int]
}

extension Tensor {
  /// The rows at `indices` in order.
  fileprivate func gathering(_ indices: [Int]) -> Tensor {
    var scalars: [Float] = []
    scalars.reserveCapacity(indices.count * columnCount)
    for index in indices { scalars += rows(index..<index + 1).scalars }
    return Tensor(scalars, shape: [indices.count, columnCount])
  }
}
