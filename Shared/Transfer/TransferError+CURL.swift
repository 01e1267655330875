import CCURL

extension TransferError {
    /// The error that `result`, which is not `CURLE_OK`, stands for. `detail` is libcurl's error buffer.
    init(_ result: CURLcode, detail: String) {
        let message = detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self.init(.resolve, message)
        case CURLE_COULDNT_CONNECT: self.init(.refused, message)
        case CURLE_OPERATION_TIMEDOUT: self.init(.timeout, message)
        case CURLE_FILESIZE_EXCEEDED: self.init(.tooLarge, "the body is larger than allowed")
        // A handshake that breaks off is often a restart of the peer; a certificate does not mend itself.
        case CURLE_SSL_CONNECT_ERROR: self.init(.tls, message, isRetriable: true)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self.init(.tls, message)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR:
            self.init(.interrupted, message)
        case CURLE_URL_MALFORMAT: self.init(.invalidRequest, "the URL is malformed")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_TOO_MANY_REDIRECTS,
            CURLE_BAD_CONTENT_ENCODING:
            self.init(.protocol, message)
        default: self.init(.other, "\(message) (libcurl \(result.rawValue))")
        }
    }
}
