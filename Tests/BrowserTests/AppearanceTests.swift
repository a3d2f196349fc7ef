import Foundation
import TestBed
import Testing

extension RealBrowser {
    @Suite("each page")
    struct AppearanceTests {
        /// Where pictures of all pages go, for people to look at.
        private static let pictures = "\(Repository.root)/.scratch/screenshots"

        @Test("can be seen, heard and used, in each way of looking at it", arguments: Scene.allCases)
        func looks(_ scene: Scene) async throws {
            let (_, browser) = try await Stage.enter()
            let annex = try await scene.show(browser)
            for look in scene.looks {
                try await look.apply(to: browser)
                try write(try await browser.picture(), "\(scene.rawValue)-\(look.rawValue)")
                // Our own styles of these looks stand in the page; the colours of the last are the person's.
                let ours: Set<String> = look == .largeText || look == .spaced ? ["no-scripts"] : []
                let theirs: Set<String> = look == .forced ? ["contrast", "edge"] : []
                let faults = try await PageChecks.faults(browser).filter { fault in
                    !ours.union(theirs).contains { fault.hasPrefix("\($0):") }
                }
                #expect(faults == [], "\(scene) \(look)")
            }
            try await Look.light.apply(to: browser)
            if Obstacle.missing(PageChecks.axe) == nil {
                #expect(try await PageChecks.axeFaults(browser) == [], "\(scene)")
            }
            #expect(try await PageChecks.nameless(browser) == [], "\(scene)")
            let stops = try await PageChecks.tabStops(browser)
            #expect(stops.faults == [], "\(scene)")
            #expect(stops.ids.compactMap { Int($0) } == stops.ids.compactMap { Int($0) }.sorted(), "\(scene)")
            let complaints = try await browser.complaints()
            #expect(complaints == [], "\(scene)")
            withExtendedLifetime(annex) {}
        }

        @Test(
            "is looked at by axe-core too, which finds what is bad",
            .enabled(if: Obstacle.missing(PageChecks.axe) == nil, "axe-core is not there; Scripts/bootstrap fetches it")
        )
        func axe() async throws {
            let (stage, browser) = try await Stage.enter()
            let page = "<html lang=en><title>x</title><main><h1>x</h1><input type=text></main>"
            try await browser.go(try stage.publish(page, as: "axe.html"))
            #expect(try await PageChecks.axeFaults(browser).contains { $0.hasPrefix("label:") })
        }

        private static let bad: [(rule: String, html: String)] = [
            ("title", "<html lang=en><title></title><main><h1>x</h1></main>"),
            ("language", "<title>x</title><main><h1>x</h1></main>"),
            ("one-h1", "<main><h1>x</h1><h1>y</h1></main>"), ("one-main", "<h1>x</h1>"),
            ("heading-order", "<main><h1>x</h1><h3>y</h3></main>"),
            ("landmark", "<p>x</p><main><h1>x</h1></main>"),
            ("duplicate-id", "<main><h1 id=a>x</h1><p id=a>y</p></main>"),
            ("no-scripts", "<main><h1 style='margin: 0'>x</h1></main>"),
            ("image-text", "<main><h1>x</h1><img src=x></main>"),
            ("label", "<main><h1>x</h1><input type=text autocomplete=name></main>"),
            ("autocomplete", "<main><h1>x</h1><label>y<input type=text></label></main>"),
            ("error-tied", "<main><h1>x</h1><label>y<input type=checkbox aria-invalid=true></label></main>"),
            ("name", "<main><h1>x</h1><button></button></main>"),
            ("label-in-name", "<main><h1>x</h1><button aria-label=z>y</button></main>"),
            ("reference", "<main><h1>x</h1><p aria-describedby=nobody>y</p></main>"),
            ("alert", "<main><h1>x</h1><p class=error>y</p></main>"),
            ("tabindex", "<main><h1>x</h1><a href=/ tabindex=3>y</a></main>"),
            ("contrast", "<style>p { color: #888 }</style><main><h1>x</h1><p>y</p></main>"),
            ("contrast", "<style>p { color: rgb(0 0 0 / .4) }</style><main><h1>x</h1><p>y</p></main>"),
            (
                "edge",
                "<style>button { border: 1px solid #ddd; background: #fff }</style><main><h1>x</h1><button>y</button></main>"
            ),
            ("target", "<style>button { padding: 0; height: 16px }</style><main><h1>x</h1><button>y</button></main>"),
            ("sideways", "<style>p { width: 4000px }</style><main><h1>x</h1><p>y</p></main>"),
            (
                "cut-off",
                "<style>p { width: 9px; overflow: hidden }</style><main><h1>x</h1><p>Donaudampfschiff</p></main>"
            ),
            ("outside", "<style>p { position: absolute; left: -90px }</style><main><h1>x</h1><p>y</p></main>"),
        ]

        @Test("that is bad is found to be so, by each check")
        func selfTest() async throws {
            let (stage, browser) = try await Stage.enter()
            for (index, (rule, html)) in Self.bad.enumerated() {
                let head = ["title", "language"].contains(rule) ? "" : "<html lang=en><title>x</title>"
                try await browser.go(try stage.publish(head + html, as: "bad-\(index).html"))
                let faults = try await PageChecks.faults(browser)
                #expect(faults.contains { $0.hasPrefix("\(rule):") }, "\(rule): \(faults)")
            }
        }

        @Test("that is bad is found to be so by readers, by the keyboard and in the browser's console")
        func furtherSelfTests() async throws {
            let (stage, browser) = try await Stage.enter()
            let page = """
                <style>a { outline: none !important } .late { order: -1 } main { display: flex }</style>
                <main><h1>x</h1><a href=/><img src=/nothing.png alt=""></a><a href=/>y</a></main>
                """
            try await browser.go(try stage.publish("<html lang=en><title>x</title>" + page, as: "bad.html"))
            #expect(try await PageChecks.nameless(browser).contains("nameless: link"))
            #expect(try await PageChecks.tabStops(browser).faults.contains { $0.hasPrefix("no ring") })
            #expect(try await browser.complaints().contains { $0.contains("nothing.png") })
        }

        private func write(_ picture: Data, _ name: String) throws {
            try FileManager.default.createDirectory(atPath: Self.pictures, withIntermediateDirectories: true)
            try picture.write(to: URL(fileURLWithPath: "\(Self.pictures)/\(name).png"))
        }
    }
}
