import Foundation
import TestBed

/// What is wrong with the page that a browser shows, for people who see, hear or move differently.
enum PageChecks {
    private static let own = "\(Repository.root)/Tests/BrowserTests/Support/page-checks.js"

    /// axe-core, which Scripts/bootstrap fetches.
    static let axe = "\(Repository.root)/.scratch/axe/axe.min.js"

    /// Our own checks.
    static func faults(_ browser: Browser) async throws -> [String] {
        try await browser.run(try String(contentsOfFile: own, encoding: .utf8)).texts
    }

    /// What a screen reader is told: everything that can be operated must have a name.
    static func nameless(_ browser: Browser) async throws -> [String] {
        let roles: Set<String> = [
            "button", "link", "textbox", "checkbox", "form", "region", "list", "image", "heading", "alert",
            "RootWebArea",
        ]
        let withoutName: Set<String> = ["form", "list", "alert"]
        return try await browser.tell("Accessibility.getFullAXTree")["nodes"].items.compactMap { node in
            guard !node["ignored"].isTrue, let role = node["role"]["value"].text, roles.contains(role),
                !withoutName.contains(role), node["name"]["value"].text?.isEmpty ?? true
            else { return nil }
            return "nameless: \(role)"
        }
    }

    /// What axe-core finds, by the rules of WCAG 2.2 A and AA and its own of good practice.
    static func axeFaults(_ browser: Browser) async throws -> [String] {
        if try await !browser.run("return Boolean(window.axe)").isTrue {
            _ = try await browser.run(try String(contentsOfFile: axe, encoding: .utf8))
        }
        return try await browser.run(
            """
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
            return axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
              result => result.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' ')));
            """
        ).texts
    }

    /// Walks through the page with the Tab key: the elements that get the focus, in that order, and what is wrong there.
    static func tabStops(_ browser: Browser) async throws -> (ids: [String], faults: [String]) {
        _ = try await browser.run("document.activeElement.blur(); window.scrollTo(0, 0)")
        var (ids, faults): ([String], [String]) = ([], [])
        for _ in 0..<40 {
            try await browser.press(Keys.tab)
            let stop = try await browser.run(
                """
                const element = document.activeElement;
                if (!element || element === document.body) return null;
                const style = getComputedStyle(element);
                const box = element.getBoundingClientRect();
                return [[...document.querySelectorAll('*')].indexOf(element) + '',
                  style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 ? '' : 'no ring',
                  box.bottom > 0 && box.top < innerHeight ? '' : 'out of sight', element.outerHTML.slice(0, 80)];
                """
            ).texts
            guard stop.count == 4, !ids.contains(stop[0]) else { break }
            ids.append(stop[0])
            faults += stop[1...2].filter { !$0.isEmpty }.map { "\($0): \(stop[3])" }
        }
        return (ids, faults)
    }
}
