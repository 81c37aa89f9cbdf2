import AuditFiles
import Foundation
import Testing

struct FileErrorTests {
  @Test(arguments: [
    (ENOENT, "check that its folder exists"), (EACCES, "choose a place where you may write"),
    (EROFS, "choose a place where you may write"), (ENOSPC, "free some disk space"),
    (EISDIR, "something else has this name; choose another one"),
    (ENAMETOOLONG, "choose a shorter name"),
    (EWOULDBLOCK, "another program is writing it; wait until that has ended"),
  ])
  func aMessageSaysWhatWhereAndWhatToDo(_ code: Int32, _ remedy: String) {
    let error = FileError("write", "a/b", code: code)
    #expect(error.description == "cannot write 'a/b': \(FileError.words(for: code)); \(remedy)")
    #expect(error.localizedDescription == error.description)
  }

  @Test func aCodeWithoutARemedyHasNone() {
    #expect(
      FileError("write", "a", code: EIO).description == "cannot write 'a': Input/output error")
  }
}
