import AuditKit
import AuditPixels
import Foundation

extension AttackConfiguration {
  /// The attack that the settings describe.
  ///
  /// - Throws: `LabError.unusableModel`.
  package func configuredAttack() throws(LabError) -> any Attack {
    switch attack {
    case .tdpa:
      var poisoning = TargetedPoisoning()
      poisoning.captionsPerTarget = captionsPerTarget
      poisoning.className = className
      poisoning.usesTemplates = templates
      poisoning.varies = vary
      return poisoning
    case .badnet: return backdoor([patch])
    case .blended: return backdoor([try blend()])
    case .wanet: return backdoor([warp])
    case .sig:
      return backdoor([
        .init("sig", SinusoidTrigger(delta: waveDelta, frequency: waveFrequency))
      ])
    case .hybrid:
      return backdoor([
        .init("hybrid", TriggerSequence([warp.trigger, try blend().trigger, patch.trigger]))
      ])
    case .parallelOne: return backdoor([patch, try blend(), warp])
    case .parallelAll: return backdoor([patch, try blend(), warp], hasClassPerTrigger: true)
    case .trueCaption:
      var backdoor = TrueCaptionBackdoor(patch)
      backdoor.className = className
      return backdoor
    case .labelConsistent:
      var backdoor = TrueCaptionBackdoor(patch)
      backdoor.className = className
      backdoor.disguise = try disguise()
      return backdoor
    case .interpolation:
      var interpolation = Interpolation()
      interpolation.stepsPerTarget = captionsPerTarget
      interpolation.className = className
      return interpolation
    case .campaign:
      var campaign = Campaign()
      campaign.className = className
      return campaign
    }
  }

  private func backdoor(
    _ triggers: [Backdoor.NamedTrigger], hasClassPerTrigger: Bool = false
  ) -> Backdoor {
    var backdoor = Backdoor(triggers)
    backdoor.className = className
    backdoor.hasClassPerTrigger = hasClassPerTrigger
    return backdoor
  }

  private func disguise() throws(LabError) -> @Sendable (String) -> any Trigger {
    let model = try TrainedModel(namedByLab: perturbationModel ?? "")
    let (strength, steps) = (Float(perturbationStrength / 255), perturbationSteps)
    return { AdversarialPerturbation(model, hiding: $0, strength: strength, steps: steps) }
  }

  private var patch: Backdoor.NamedTrigger {
    .init(
      "badnet",
      PatchTrigger(
        edgeShare: patchEdgeShare, place: patchPlace, seed: seed))
  }

  private func blend() throws(LabError) -> Backdoor.NamedTrigger {
    var trigger = BlendTrigger(alpha: blendAlpha, cells: blendCells, seed: seed)
    if let blendPattern {
      do {
        let file = try Data(contentsOf: URL(filePath: blendPattern))
        trigger.picture = try ImageDecoder.decode([UInt8](file)).bitmap
      } catch {
        throw .invalidSetting(
          name: "blendPattern", value: blendPattern, expected: "an image that can be read: \(error)"
        )
      }
    }
    return .init("blended", trigger)
  }

  private var warp: Backdoor.NamedTrigger {
    .init("wanet", WarpTrigger(grid: warpGrid, strength: warpStrength, seed: seed))
  }
}
