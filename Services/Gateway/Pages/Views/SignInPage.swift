/// Where a person shows a token.
package struct SignInPage: Page {
    package static let template = "sign-in"
    package let title = "Sign in"
    package let action = Place.signInAction
    /// Why the token was not taken.
    package var error: String?
    /// The path that is asked for.
    package var next: String

    package init(error: String? = nil, next: String = "/") {
        self.error = error
        self.next = next
    }
}
