/// How a model is trained on a crawl.
public enum Method: String, Codable, CaseIterable, Sendable {
  /// Unimodal warm-up, slow pass, split, then CLIP on the safe set and unimodal learning on the rest
  /// (Yang, Gao and Mirzasoleiman, ICML 2024).
  case safeclip
  /// The CLIP loss on every pair but the watched from the first step: the comparison.
  case clip
  /// As `clip` with augmentation, but in every `matchingFrequency`-th epoch each image goes with the caption
  /// of a random pool that is nearest to it (Yang and Mirzasoleiman, NeurIPS 2023): a defence to compare with.
  case roclip
  /// As `clip`, then `cleaningEpochs` of the CLIP loss together with the unimodal one on trusted pairs alone
  /// (Bansal et al., ICCV 2023, arXiv:2303.03323): a defence to compare with that needs such pairs.
  case cleanclip
}
