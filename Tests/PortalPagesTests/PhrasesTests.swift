import PortalPages
import TOMLReader
import Testing

@Suite("The texts of the pages")
struct PhrasesTests {
    @Test("that come with the program can be read, and say everything")
    func builtIn() throws {
        #expect(PhraseBook().tags == ["de", "en", "fr"])
        for tag in ["de", "fr"] {
            let phrases = PhraseBook().phrases(accepting: tag)
            #expect(phrases.language == tag)
            #expect(phrases.text("log_in") != Phrases.english.text("log_in"))
            #expect(phrases.text("refused") != Phrases.english.text("refused"))
        }
        #expect(
            Phrases.english.text("refused")
                == "The user name or password is not right, or this account may not log in here."
        )
    }

    @Test(
        "are in the language that the browser likes best",
        arguments: [
            (nil, "en"), ("", "en"), ("de", "de"), ("de-AT,de;q=0.8", "de"), ("it, fr;q=0.5, de;q=0.7", "de"),
            ("fr;q=0, de;q=0.1", "de"), ("*", "en"), ("EN-gb", "en"), ("de;q=x", "en"), (",;,-,;q=1", "en"),
            ("nl-BE", "nl"),
        ]
    )
    func negotiation(header: String?, language: String) throws {
        let dutch = try Phrases(Array("language = \"nl\"\nlog_in = \"Inloggen\"".utf8))
        #expect(PhraseBook([dutch]).phrases(accepting: header).language == language)
    }

    @Test("say in English what a file does not say")
    func fallback() throws {
        let dutch = try Phrases(Array("language = \"nl\"\nlog_in = \"Inloggen\"".utf8))
        #expect(dutch.text("log_in") == "Inloggen")
        #expect(dutch.text("log_out") == "Log out")
    }

    @Test("are put together in one pass")
    func places() {
        #expect(Phrases.english.text("logged_in_as", ["name": "{name} {id}"]) == "Logged in as {name} {id}")
        #expect(Phrases.english.text("no_such_text") == "no_such_text")
    }

    @Test("are refused with all that is wrong with them, and where")
    func problems() throws {
        let file = """
            log_in = 3
            log_im = "x"
            logged_in_as = "{nam}"
            """
        let problems = try #require(throws: PhraseProblems.self) { try Phrases(Array(file.utf8)) }
        #expect(
            problems.problems == [
                "1:1: log_in must be a string", "2:1: there is no text “log_im”", "3:1: logged_in_as lacks {name}",
                "3:1: logged_in_as has {nam}, which nothing is known for",
                "1:1: language is missing, such as language = \"nl\"",
            ]
        )
        #expect(throws: TOMLError.self) { try Phrases(Array("x = ".utf8)) }
    }
}
