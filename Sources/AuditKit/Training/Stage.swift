/// A part of training with a loss and a learning rate of its own.
public enum Stage: String, Codable, CaseIterable, Sendable {
  /// Unimodal contrastive learning on images and captions apart (paper, section 4.1).
  case warmUp
  /// The CLIP loss once on every pair but the watched at a low learning rate (section 4.2).
  case slowPass
  /// CLIP loss on the safe set, unimodal loss on the risky set (section 4.3).
  case mixed
  /// The CLIP loss on every pair but the watched: the whole of `Method.clip` and `roclip`.
  case plain
  /// The CLIP loss and the unimodal one on trusted pairs: the end of `Method.cleanclip`.
  case cleaning

  /// What a person is shown.
  public var title: String {
    switch self {
    case .warmUp: "unimodal warm-up"
    case .slowPass: "slow CLIP pass"
    case .mixed: "mixed training"
    case .plain: "CLIP training"
    case .cleaning: "cleaning"
    }
  }
}
