module.exports = function connectH2() {
  throw new Error('HTTP/2 is not part of this build');
};
