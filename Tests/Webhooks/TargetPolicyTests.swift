import Foundation
import Foundations
import Testing
import Transfer
import Webhooks

@Suite struct TargetPolicyTests {
    static let closed = [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
        "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::7f00:1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:c0a8:1", "::ffff:0:127.0.0.1", "64:ff9b::c0a8:0",
        "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1", "2001:1::1", "2001:db8::1",
        "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "febf::1",
        "fec0::1", "ff02::1",
    ]
    static let open = [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.1",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8",
        "2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "2003::1", "3ffe::1",
    ]

    @Test(arguments: closed)
    func `an address that is not public is refused unless the operator allows it`(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!TargetPolicy().allows(address))
        #expect(TargetPolicy(allowsPrivate: true).allows(address))
    }

    @Test(arguments: open)
    func `a public address is allowed`(_ text: String) throws {
        #expect(TargetPolicy().allows(try #require(IPAddress(text))))
    }

    @Test(arguments: closed)
    func `a URL with such an address is refused before anything is sent`(_ text: String) {
        let host = text.contains(":") ? "[\(text)]" : text
        for url in ["http://\(host)", "https://\(host):8443/hook", "HTTP://\(host)/?a=b"] {
            #expect(TargetPolicy().refusal(of: url) != nil)
            #expect(TargetPolicy(allowsPrivate: true).refusal(of: url) == nil)
        }
    }

    @Test(arguments: [
        "", "hook", "//host/hook", "host:80", "ftp://host/", "file:///etc/passwd", "gopher://host/", "javascript:x",
        "http:/host", "http://", "http:///hook", "http://:80/", "http://[]/", "http://?a", "https://@[::1]:9876",
        "https://ann:pw@host/", "https://ann@host/", "http://host\\@evil/", "http://ho st/", "http://host/\r\nX: y",
        "http://höst/", "http://host/\u{0}",
    ])
    func `a URL that is no plain http or https URL is refused, whatever the operator allows`(_ url: String) {
        #expect(TargetPolicy(allowsPrivate: true).refusal(of: url) != nil)
    }

    @Test(arguments: ["https://hooks.example.com/a?b=c@d#e", "http://8.8.8.8:8080", "https://[2606:4700::1111]/"])
    func `an ordinary URL passes`(_ url: String) {
        #expect(TargetPolicy().refusal(of: url) == nil)
    }
}
