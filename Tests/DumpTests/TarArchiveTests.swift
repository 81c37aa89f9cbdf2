import AuditDump
import Testing
import TestSupport

/// The walk over headers, through members' names, places and bytes.
struct TarArchiveTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// `name=data` of each member, and the reason of each damage.
  private func walk(_ bytes: [UInt8]) throws -> [String] {
    let path = try folder.write("test.tar", bytes)
    var archive = TarArchive(file: try PositionedFile(path: path))
    var found: [String] = []
    while let event = try archive.next() {
      switch event {
      case .member(let member):
        let data = try archive.bytes(of: member)
        let text = String(decoding: data, as: UTF8.self)
        found.append("\(String(decoding: member.name, as: UTF8.self))=\(text)")
      case .damage(let reason, _, _): found.append(reason.rawValue)
      }
    }
    return found
  }

  @Test func ustarPrefixGoesBeforeTheName() throws {
    var tar = TarBytes()
    tar.add(Array("name.jpg".utf8), [65]) { TarBytes.put("some/folder".utf8, at: 345, in: &$0) }
    tar.end()
    #expect(try walk(tar.bytes) == ["some/folder/name.jpg=A"])
  }

  @Test func gnuHeadersHaveNoPrefix() throws {
    var tar = TarBytes()
    tar.add(Array("name.jpg".utf8), [65]) {
      TarBytes.put("ustar  \u{0}".utf8, at: 257, in: &$0)
      TarBytes.put("12345670123".utf8, at: 345, in: &$0)
    }
    tar.end()
    #expect(try walk(tar.bytes) == ["name.jpg=A"])
  }

  @Test func gnuLongNamesReplaceTheNextName() throws {
    let long = String(repeating: "x", count: 300) + ".jpg"
    var tar = TarBytes()
    tar.add("././@LongLink", "a link's target that nobody needs\u{0}", type: "K")
    tar.add("././@LongLink", long + "\u{0}", type: "L")
    tar.add("cut.jpg", "A")
    tar.add("next.jpg", "B")
    tar.end()
    #expect(try walk(tar.bytes) == ["\(long)=A", "next.jpg=B"])
  }

  @Test func paxPathAndSizeReplaceTheHeaders() throws {
    let path = "öffentlich/" + String(repeating: "y", count: 200) + ".jpg"
    var tar = TarBytes()
    let records =
      TarBytes.paxRecord("mtime", "1.5") + TarBytes.paxRecord("path", path)
      + TarBytes.paxRecord("size", "3")
    tar.add("global", TarBytes.paxRecord("comment", "no name"), type: "g")
    tar.add("PaxHeader", records, type: "x")
    tar.add(Array("cut.jpg".utf8), Array("ABC".utf8)) {
      TarBytes.put(TarBytes.octal(0, digits: 11), at: 124, in: &$0)
    }
    tar.add("next.jpg", "D")
    tar.end()
    #expect(try walk(tar.bytes) == ["\(path)=ABC", "next.jpg=D"])
  }

  @Test(arguments: [
    "5", "99 path=a.jpg\n", "12 path=a.jpg", "11 patha.jpg\n", " path=a\n", "0 a=b\n",
  ])
  func brokenPaxRecordsAreDamage(_ records: String) throws {
    var tar = TarBytes()
    tar.add("PaxHeader", records, type: "x")
    tar.add("name.jpg", "A")
    tar.end()
    #expect(try walk(tar.bytes) == ["corruptArchive", "name.jpg=A"])
  }

  @Test func sizesInBase256AreRead() throws {
    var tar = TarBytes()
    tar.add(Array("name.jpg".utf8), Array("ABC".utf8)) {
      TarBytes.put([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3], at: 124, in: &$0)
    }
    tar.end()
    #expect(try walk(tar.bytes) == ["name.jpg=ABC"])
  }

  @Test(arguments: [
    [0x80, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    Array("9999999999\u{0}\u{0}".utf8),
  ])
  func impossibleSizesAreNoHeader(_ size: [UInt8]) throws {
    var tar = TarBytes()
    tar.add(Array("name.jpg".utf8), []) { TarBytes.put(size, at: 124, in: &$0) }
    tar.add("next.jpg", "B")
    tar.end()
    #expect(try walk(tar.bytes) == ["corruptArchive", "next.jpg=B"])
  }

  @Test func sizesBeyondTheFileEndTheArchive() throws {
    var tar = TarBytes()
    tar.add("first.jpg", "A")
    tar.add(Array("name.jpg".utf8), []) {
      TarBytes.put(
        [0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], at: 124, in: &$0)
    }
    tar.end()
    #expect(try walk(tar.bytes) == ["first.jpg=A", "truncatedArchive"])
  }

  @Test func checksumsOverSignedBytesAreAccepted() throws {
    var tar = TarBytes()
    tar.add(Array("é.jpg".utf8), [65])
    var header = Array(tar.bytes[..<512])
    TarBytes.put("        ".utf8, at: 148, in: &header)
    let sum = header.reduce(0) { $0 + Int(Int8(bitPattern: $1)) }
    TarBytes.put(TarBytes.octal(sum, digits: 6) + [0], at: 148, in: &header)
    tar.bytes.replaceSubrange(..<512, with: header)
    tar.end()
    #expect(try walk(tar.bytes) == ["é.jpg=A"])
  }

  @Test func wrongChecksumCostsOneMember() throws {
    var tar = TarBytes()
    tar.add("first.jpg", "A")
    let second = tar.bytes.count
    tar.add("second.jpg", String(repeating: "B", count: 2000))
    tar.add("third.jpg", "C")
    tar.end()
    tar.bytes[second] ^= 1
    #expect(try walk(tar.bytes) == ["first.jpg=A", "corruptArchive", "third.jpg=C"])
  }

  @Test func archivesAppendedWithCatAreReadOn() throws {
    var tar = TarBytes()
    tar.add("first.jpg", "A")
    tar.bytes += [UInt8](repeating: 0, count: 10240)
    tar.add("second.jpg", "B")
    tar.end()
    #expect(try walk(tar.bytes) == ["first.jpg=A", "second.jpg=B"])
  }

  @Test func bytesBehindTheEndMarkAreIgnored() throws {
    var tar = TarBytes()
    tar.add("first.jpg", "A")
    tar.end()
    tar.bytes += [UInt8](repeating: 7, count: 3000)
    #expect(try walk(tar.bytes) == ["first.jpg=A"])
  }

  @Test func largeMembersDoNotHideTheNextHeader() throws {
    var tar = TarBytes()
    for size in [0, 1, 511, 512, 513, 4096, 65_535, 65_536, 200_000] {
      tar.add(Array("\(size).jpg".utf8), [UInt8](repeating: 66, count: size))
    }
    tar.end()
    let names = try walk(tar.bytes).map { $0.prefix { $0 != "." } }
    #expect(names == ["0", "1", "511", "512", "513", "4096", "65535", "65536", "200000"])
  }

  @Test func eachPrefixOfAnArchiveGivesItsWholeMembers() throws {
    var tar = TarBytes()
    tar.add("PaxHeader", TarBytes.paxRecord("path", "renamed.jpg"), type: "x")
    tar.add("a.jpg", "A")
    tar.add("b.jpg", String(repeating: "B", count: 700))
    tar.add("c.jpg", "")
    tar.end()
    let ends = [
      (3 * 512 + 1, "renamed.jpg=A"),
      (5 * 512 + 700, "b.jpg=" + String(repeating: "B", count: 700)), (8 * 512, "c.jpg="),
    ]
    for length in 0...tar.bytes.count {
      var expected = ends.filter { $0.0 <= length }.map(\.1)
      // One block of zeros is enough of an end mark.
      if length < 8 * 512 + 512 { expected.append("truncatedArchive") }
      #expect(try walk(Array(tar.bytes[..<length])) == expected, "cut at byte \(length)")
    }
  }
}
