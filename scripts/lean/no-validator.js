export class Ajv2020 {
  constructor() {
    throw new Error('the validator of schemas is not part of this build');
  }
}
export default Ajv2020;
