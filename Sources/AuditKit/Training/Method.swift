/// How a model is trained on a crawl.
public enum Method: String, Codable, CaseIterable, Sendable {
  /// Unimodal warm-up, slow pass, split, then CLIP on the safe set and unimodal learning on the rest
  /// (Yang, Gao and Mirzasoleiman, ICML 2024).
  case safeclip
  /// The CLIP loss on every pair but the watched from the first step: the comparison.
  case clip
}
