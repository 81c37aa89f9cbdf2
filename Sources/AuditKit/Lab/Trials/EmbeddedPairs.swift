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

  /// The first `limit` images that have a label by their key.
  func labelled(atMost limit: Int = .max, _ label: (String) -> Int?) -> LabelledImages {
    labelled(keys, atMost: limit, label)
  }

  /// The images that have a label by their caption.
  func labelledByCaption(_ label: (String) -> Int?) -> LabelledImages {
    labelled(texts, atMost: .max, label)
  }

  private func labelled(
    _ names: [String], atMost limit: Int, _ label: (String) -> Int?
  ) -> LabelledImages {
    var rows: [Int] = []
    var labels: [Int] = []
    for (row, name) in names.enumerated() where rows.count < limit {
      guard let label = label(name) else { continue }
      rows.append(row)
      labels.append(label)
    }
    return LabelledImages(images: images.gathering(rows), labels: labels)
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
