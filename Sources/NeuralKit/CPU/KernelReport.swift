import CKernels
import CLinearAlgebra

/// Which kernels this process computes with, and why, for people to read and for benchmarks to record.
public struct KernelReport: Sendable, Codable, Equatable {
  /// The library that serves large matrix products: `OpenBLAS`, `oneDNN` or `plain C`.
  public let largeProducts: String
  /// The library that serves small and thin matrix products.
  public let smallProducts: String
  /// One line for each library that was passed over: its name, and what its check found.
  public let fallbacks: [String]
  /// OpenBLAS's version and build options; empty where it could not be loaded.
  public let openBLASConfiguration: String
  /// The name of OpenBLAS's kernels, for example `Zen` or `SkylakeX`.
  public let openBLASCore: String
  /// Who chose those kernels.
  public let openBLASCoreChoice: CoreChoice
  /// oneDNN's version, which serves convolutions.
  public let oneDNNVersion: String
  /// The instruction set that oneDNN generates code for.
  public let oneDNNInstructionSet: String
  /// The instruction set of this package's own kernels: `baseline`, `AVX2` or `AVX-512`.
  public let pointwiseInstructionSet: String
  /// The processor: vendor, family and model, and what it can do.
  public let processor: String

  /// How OpenBLAS came to its kernels.
  public enum CoreChoice: Sendable, Codable, Equatable {
    /// OpenBLAS knows this processor.
    case detected
    /// OpenBLAS does not know this processor, or not well; this package asked for the core type named.
    case corrected(String)
    /// The user's OPENBLAS_CORETYPE.
    case user(String)
  }

  /// The report for this process.
  ///
  /// The first call checks the kernels against plain loops, which takes
  /// some milliseconds.
  public static let current = KernelReport()

  private init() {
    let products = cla_product_report()
    largeProducts = String(cString: products.large)
    smallProducts = String(cString: products.small)
    fallbacks = String(cString: products.fallbacks).split(separator: "\n").map(String.init)
    openBLASConfiguration = String(cString: products.openBLASConfiguration)
    openBLASCore = String(cString: products.openBLASCore)
    if let user = products.openBLASCoreByUser {
      openBLASCoreChoice = .user(String(cString: user))
    } else if let requested = products.openBLASCoreRequested {
      openBLASCoreChoice = .corrected(String(cString: requested))
    } else {
      openBLASCoreChoice = .detected
    }
    oneDNNVersion = String(cString: cla_onednn_version())
    oneDNNInstructionSet = String(cString: cla_onednn_instruction_set())
    pointwiseInstructionSet =
      switch CPUBackend.Level.best {
      case .baseline: "baseline"
      case .avx2: "AVX2"
      case .avx512: "AVX-512"
      }
    processor = Self.describe(cla_cpu())
  }

  private static func describe(_ cpu: CLACPU) -> String {
    let vendor = withUnsafeBytes(of: cpu.vendor) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    guard !vendor.isEmpty else { return "unknown" }
    let features = [
      (cpu.hasAVX2, "AVX2"), (cpu.hasFMA, "FMA"), (cpu.hasAVX512, "AVX-512"),
    ]
    return
      (["\(vendor) family \(cpu.family) model \(cpu.model)"]
      + features.filter(\.0).map(\.1)).joined(separator: ", ")
  }
}
