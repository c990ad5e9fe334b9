/** Of this package, for records. A test holds it equal to package.json. A string to the compiler, so that a release changes no type. */
export const version = '0.0.0' as string;
