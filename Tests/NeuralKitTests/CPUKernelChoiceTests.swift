import CLinearAlgebra
import Foundation
import NeuralKit
import Testing

@Suite struct CPUKernelChoiceTests {
  /// A processor for `cla_openblas_core_type`.
  private static func processor(
    _ vendor: String, family: Int32, model: Int32, avx2: Bool = true, avx512: Bool = false
  ) -> CLACPU {
    var cpu = CLACPU()
    withUnsafeMutableBytes(of: &cpu.vendor) { $0.copyBytes(from: vendor.utf8) }
    cpu.family = family
    cpu.model = model
    cpu.hasAVX2 = avx2
    cpu.hasFMA = avx2
    cpu.hasAVX512 = avx512
    return cpu
  }

  private static func coreType(_ cpu: CLACPU, user: String? = nil) -> String? {
    var cpu = cpu
    return cla_openblas_core_type(&cpu, user).map { String(cString: $0) }
  }

  @Test func unknownProcessorsGetTheBestCoreThatTheyCanRun() {
    let intel = "GenuineIntel"
    // Granite Rapids, Emerald Rapids, Zen 4, Zen 5, a later Intel without AVX-512, an unknown maker.
    #expect(
      Self.coreType(Self.processor(intel, family: 6, model: 0xAD, avx512: true)) == "SkylakeX")
    #expect(
      Self.coreType(Self.processor(intel, family: 6, model: 0xCF, avx512: true)) == "SkylakeX")
    let amd = "AuthenticAMD"
    #expect(
      Self.coreType(Self.processor(amd, family: 0x19, model: 0x11, avx512: true)) == "SkylakeX")
    #expect(Self.coreType(Self.processor(amd, family: 0x1A, model: 2, avx512: true)) == "SkylakeX")
    #expect(Self.coreType(Self.processor(intel, family: 6, model: 0xBE)) == "Haswell")
    #expect(Self.coreType(Self.processor("CentaurHauls", family: 7, model: 0x3B)) == "Haswell")
  }

  @Test func knownAndOldProcessorsAreLeftToOpenBLAS() {
    // Zen 3, Haswell, Ice Lake-SP, and one without AVX2.
    #expect(Self.coreType(Self.processor("AuthenticAMD", family: 0x19, model: 1)) == nil)
    #expect(Self.coreType(Self.processor("GenuineIntel", family: 6, model: 0x3F)) == nil)
    #expect(
      Self.coreType(Self.processor("GenuineIntel", family: 6, model: 0x6A, avx512: true)) == nil)
    #expect(
      Self.coreType(Self.processor("GenuineIntel", family: 6, model: 0x2C, avx2: false)) == nil)
  }

  @Test func theUsersCoreTypeWins() {
    let unknown = Self.processor("GenuineIntel", family: 6, model: 0xCF, avx512: true)
    #expect(Self.coreType(unknown, user: "Haswell") == nil)
    // An empty value is a choice, too: OpenBLAS sees the variable.
    #expect(Self.coreType(unknown, user: "") == nil)
  }

  @Test func theCoreTypeIsNotLeftToChildProcesses() throws {
    // Whatever was set while OpenBLAS was loaded is gone, unless it was the user's own.
    switch KernelReport.current.openBLASCoreChoice {
    case .user(let value): #expect(environmentValue("OPENBLAS_CORETYPE") == value)
    case .detected, .corrected: #expect(environmentValue("OPENBLAS_CORETYPE") == nil)
    }
  }

  @Test func aChildProcessUsesTheCoreThatItsUserNamed() throws {
    let bundle = try #require(CommandLine.arguments.first)
    let child = Process()
    child.executableURL = URL(fileURLWithPath: bundle)
    child.arguments =
      CommandLine.arguments.dropFirst().filter { $0.hasPrefix("--testing-library") }
      + ["--testing-library", "swift-testing", "--filter", "reportsTheCoreNamedByTheParent"]
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_CORETYPE"] = "Nehalem"
    environment["NEURALKIT_EXPECTED_CORE"] = "Nehalem"
    child.environment = environment
    child.standardOutput = Pipe()
    child.standardError = Pipe()
    try child.run()
    child.waitUntilExit()
    #expect(child.terminationStatus == 0)
  }

  /// Runs in the child process of the test above; alone it says nothing.
  @Test(.enabled(if: environmentValue("NEURALKIT_EXPECTED_CORE") != nil))
  func reportsTheCoreNamedByTheParent() {
    let report = KernelReport.current
    #expect(report.openBLASCore == environmentValue("NEURALKIT_EXPECTED_CORE"))
    #expect(report.openBLASCoreChoice == .user(report.openBLASCore))
  }

  @Test func everyLibraryPassesTheCheckHere() throws {
    for product in [try #require(cla_openblas_product()), cla_onednn_product, cla_plain_product] {
      var reason = [CChar](repeating: 0, count: 256)
      let isRight = cla_check_product(product, &reason, reason.count)
      #expect(isRight, "\(String(decoding: reason.map(UInt8.init), as: UTF8.self))")
    }
  }

  /// Kernels with one fault each, as old builds of BLAS libraries have shown.
  private static let faulty: [(String, CLAProduct)] = [
    (
      "ignores beta",
      { ta, tb, m, n, k, alpha, a, lda, b, ldb, _, c, ldc in
        cla_plain_product(ta, tb, m, n, k, alpha, a, lda, b, ldb, 0, c, ldc)
      }
    ),
    (
      "is wrong behind the first 64 columns",
      { ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc in
        cla_plain_product(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
        if n > 64 { c[Int(n) - 1] += 0.01 }
      }
    ),
    (
      "writes beyond the last column",
      { ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc in
        cla_plain_product(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
        c[Int(n)] = 0
      }
    ),
    (
      "drops the end of long sums",
      { ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc in
        cla_plain_product(ta, tb, m, n, min(k, 768), alpha, a, lda, b, ldb, beta, c, ldc)
      }
    ),
    (
      "reads C with beta 0",
      { ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc in
        let before = c[0]
        cla_plain_product(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
        if beta == 0 { c[0] += 0 * before }
      }
    ),
  ]

  @Test func wrongKernelsAreFoundOutAndPassedOver() throws {
    for (fault, product) in Self.faulty {
      let choice = "broken".withCString { broken in
        "plain C".withCString { plain in
          cla_choose_product(
            [
              CLAProductCandidate(name: broken, product: product, unavailable: nil),
              CLAProductCandidate(name: plain, product: cla_plain_product, unavailable: nil),
            ], 2)
        }
      }
      #expect(choice.index == 1, "a kernel that \(fault) was accepted")
      #expect(text(of: choice.fallbacks).hasPrefix("broken: product of op(A)"))
    }
  }

  @Test func missingLibrariesAreNamedWithTheirReason() {
    let choice = "OpenBLAS".withCString { name in
      "cannot open shared object file".withCString { reason in
        cla_choose_product(
          [CLAProductCandidate(name: name, product: nil, unavailable: reason)], 1)
      }
    }
    #expect(choice.index == -1)
    #expect(choice.product == nil)
    #expect(text(of: choice.fallbacks) == "OpenBLAS: cannot open shared object file")
  }

  @Test func theReportNamesWhatIsInUse() {
    let report = KernelReport.current
    #expect(["OpenBLAS", "oneDNN", "plain C"].contains(report.largeProducts))
    #expect(report.largeProducts == "OpenBLAS" || !report.fallbacks.isEmpty)
    #expect(report.largeProducts != "OpenBLAS" || report.openBLASConfiguration.contains("OpenBLAS"))
    #expect(report.oneDNNVersion.split(separator: ".").count == 3)
    #expect(!report.processor.isEmpty)
  }

  private func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

/// The variable as C code sees it now; `ProcessInfo` may keep an older copy.
private func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
