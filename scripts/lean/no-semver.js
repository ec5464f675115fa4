// conf compares versions only to run `migrations`.
export default {};
