/** Of this package, for records. A test holds it equal to package.json. */
export const version = '0.0.0';
