import Foundation
import TestBed
import Testing

@Suite("Completion")
struct CompletionTests {
    let program: EntLoginProgram

    init() throws {
        program = try EntLoginProgram()
    }

    /// What is typed behind the program's name, and its last word when the shell has completed it.
    private static let cases = [
        ("who", "whoami"), ("sessions en", "end"), ("login --pass", "--password-stdin"), ("check --li", "--live"),
        ("--conf", "--config"), ("--json conf", "config"), ("check --config @DIR@/ent-lo", "@DIR@/ent-login.toml"),
    ]
    private static let noFish = Obstacle.missing("fish")
    private static let noZsh = Obstacle.missing("zsh")

    @Test("Scripts are made for every shell, without what nobody should type", arguments: ["bash", "zsh", "fish"])
    func scripts(shell: String) async throws {
        let run = try await program.run(["--generate-completion-script", shell])
        #expect(run.status == 0)
        for command in ["check", "login", "whoami", "logout", "explain", "sessions", "config"] {
            #expect(run.output.contains(command), "\(command)")
        }
        #expect(!run.output.contains("pam-worker"))
    }

    @Test("bash completes subcommands, options and files", arguments: cases)
    func inBash(typed: String, expected: String) async throws {
        // bash itself does not complete what is typed without a terminal: this is how it asks.
        let script = """
            source "$0"
            words=(ent-login $1)
            COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1)) COMP_LINE="${words[*]}" COMP_POINT=${#COMP_LINE}
            ask=$(complete -p ent-login | sed -E 's/.* -F ([^ ]+) .*/\\1/')
            "$ask" ent-login "${words[COMP_CWORD]}" "${words[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let run = try await complete("/bin/bash", ["--norc", "-c", script], typed)
        #expect(run.output == filled(expected) + "\n", "\(run.errors)")
    }

    @Test(
        "fish completes subcommands, options and files",
        .enabled(if: noFish == nil, "\(noFish ?? "")"),
        arguments: cases
    )
    func inFish(typed: String, expected: String) async throws {
        let script = "source $argv[1]; complete -C \"ent-login $argv[2]\""
        let run = try await complete("fish", ["--no-config", "-c", script], typed)
        // Each offer has its meaning behind a tab.
        let offers = run.output.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
        #expect(offers == [filled(expected)[...]], "\(run.errors)")
    }

    @Test(
        "zsh completes subcommands, options and files",
        .enabled(if: noZsh == nil, "\(noZsh ?? "")"),
        arguments: cases
    )
    func inZsh(typed: String, expected: String) async throws {
        // Completion is part of the line editor, which wants a terminal. Where a name could stand, the first Tab lists.
        let script = """
            zmodload zsh/zpty
            folder=${1:h} line="ent-login $2"
            zpty shell zsh -f -i
            zpty -w shell "fpath=($folder \\$fpath); autoload -U compinit; compinit -u -D
            finish() {
                zle complete-word; [[ \\$BUFFER != ${(q)line} ]] || zle complete-word
                print -r -- \\$BUFFER >$folder/line
            }; zle -N finish; bindkey '^X' finish; print RE''ADY"
            zpty -r -m shell shown '*READY*'
            zpty -w -n shell "$line"$'\\x18'
            until [[ -s $folder/line ]]; do zpty -r -t shell shown; sleep 0.02; done
            cat $folder/line
            zpty -d shell
            """
        let run = try await complete("zsh", ["-f", "-c", script, "zsh"], typed)
        #expect(
            run.output.split(whereSeparator: \.isWhitespace).last.map(String.init) == filled(expected),
            "\(run.errors)"
        )
    }

    /// Runs a shell with the script for it and what is typed; the program is found by its name.
    private func complete(_ shell: String, _ arguments: [String], _ typed: String) async throws -> Command {
        try program.scratch.write("", to: "ent-login.toml")
        let name = shell.split(separator: "/").last.map(String.init) ?? shell
        let made = try await program.run(["--generate-completion-script", name])
        let script = try program.scratch.write(made.output, to: "_ent-login")
        let folder = EntLoginProgram.path.split(separator: "/").dropLast().joined(separator: "/")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try await Command.run(
            shell,
            arguments + [script, filled(typed)],
            environment: program.environment.merging(["PATH": "/\(folder):\(path)"]) { _, new in new }
        )
    }

    private func filled(_ text: String) -> String {
        text.replacing("@DIR@", with: program.scratch.path)
    }
}
